import type { ProviderType } from '../provider-type.ts';
import { type Settings, settings } from './settings.ts';

export const stability: ProviderType = {
  type: 'stability',
  settings,
  create: async (name, given) => {
    const { createStability } = await import('./provider.ts');
    return createStability(name, given as unknown as Settings);
  },
};
