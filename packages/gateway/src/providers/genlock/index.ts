import type { ProviderType } from '../provider-type.ts';
import { type Settings, settings } from './settings.ts';

export const genlock: ProviderType = {
  type: 'genlock',
  settings,
  create: async (name, given, tools) => {
    const { createGenlock } = await import('./provider.ts');
    return createGenlock(name, given as unknown as Settings, tools);
  },
};
