import type { ProviderType } from '../provider-type.ts';
import { type Settings, settings } from './settings.ts';

export const openAiCompatible: ProviderType = {
  type: 'openai-compatible',
  settings,
  create: async (name, given, tools) => {
    const { createOpenAiCompatible } = await import('./provider.ts');
    return createOpenAiCompatible(name, given as unknown as Settings, tools);
  },
};
