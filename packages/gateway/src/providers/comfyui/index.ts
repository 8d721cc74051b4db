import type { ProviderType } from '../provider-type.ts';
import { type Settings, settings } from './settings.ts';

export const comfyUi: ProviderType = {
  type: 'comfyui',
  settings,
  create: async (name, given, tools) => {
    const { createComfyUi } = await import('./provider.ts');
    return createComfyUi(name, given as unknown as Settings, tools);
  },
};
