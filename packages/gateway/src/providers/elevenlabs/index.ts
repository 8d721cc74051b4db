import type { ProviderType } from '../provider-type.ts';
import { type Settings, settings } from './settings.ts';

export const elevenLabs: ProviderType = {
  type: 'elevenlabs',
  settings,
  create: async (name, given) => {
    const { createElevenLabs } = await import('./provider.ts');
    return createElevenLabs(name, given as unknown as Settings);
  },
};
