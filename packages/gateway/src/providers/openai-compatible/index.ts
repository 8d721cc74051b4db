import { providerType } from '../provider-type.ts';
import { settings } from './settings.ts';

export const openAiCompatible = providerType(
  'openai-compatible',
  settings,
  async () => (await import('./provider.ts')).createOpenAiCompatible,
);
