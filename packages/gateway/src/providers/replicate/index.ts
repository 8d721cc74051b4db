import { providerType } from '../provider-type.ts';
import { settings } from './settings.ts';

export const replicate = providerType(
  'replicate',
  settings,
  async () => (await import('./provider.ts')).createReplicate,
);
