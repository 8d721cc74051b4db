import { providerType } from '../provider-type.ts';
import { settings } from './settings.ts';

export const stability = providerType(
  'stability',
  settings,
  async () => (await import('./provider.ts')).createStability,
);
