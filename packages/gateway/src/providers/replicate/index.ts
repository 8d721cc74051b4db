import type { ProviderType } from '../provider-type.ts';
import { type Settings, settings } from './settings.ts';

export const replicate: ProviderType = {
  type: 'replicate',
  settings,
  create: async (name, given, tools) => {
    const { createReplicate } = await import('./provider.ts');
    return createReplicate(name, given as unknown as Settings, tools);
  },
};
