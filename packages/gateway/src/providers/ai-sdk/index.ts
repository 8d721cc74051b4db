import { providerType } from '../provider-type.ts';
import { settings } from './settings.ts';

export const aiSdk = providerType(
  'ai-sdk',
  settings,
  async () => (await import('./provider.ts')).createAiSdk,
);
