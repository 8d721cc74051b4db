import type { ProviderType } from '../provider-type.ts';
import { type Settings, settings } from './settings.ts';

export const fal: ProviderType = {
  type: 'fal',
  settings,
  create: async (name, given, tools) => {
    const { createFal } = await import('./provider.ts');
    return createFal(name, given as unknown as Settings, tools);
  },
};
