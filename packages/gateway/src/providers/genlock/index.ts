import { providerType } from '../provider-type.ts';
import { settings } from './settings.ts';

export const genlock = providerType(
  'genlock',
  settings,
  async () => (await import('./provider.ts')).createGenlock,
);
