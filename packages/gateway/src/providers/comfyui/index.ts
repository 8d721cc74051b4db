import { providerType } from '../provider-type.ts';
import { settings } from './settings.ts';

export const comfyUi = providerType(
  'comfyui',
  settings,
  async () => (await import('./provider.ts')).createComfyUi,
);
