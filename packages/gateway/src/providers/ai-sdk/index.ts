import type { ProviderType } from '../provider-type.ts';
import { type Settings, settings } from './settings.ts';

export const aiSdk: ProviderType = {
  type: 'ai-sdk',
  settings,
  create: async (name, given, tools) => {
    const { createAiSdk } = await import('./provider.ts');
    return createAiSdk(name, given as unknown as Settings, tools);
  },
};
