import { providerType } from '../provider-type.ts';
import { settings } from './settings.ts';

export const fal = providerType('fal', settings, async () => (await import('./provider.ts')).createFal);
