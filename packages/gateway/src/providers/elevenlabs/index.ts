import { providerType } from '../provider-type.ts';
import { settings } from './settings.ts';

export const elevenLabs = providerType(
  'elevenlabs',
  settings,
  async () => (await import('./provider.ts')).createElevenLabs,
);
