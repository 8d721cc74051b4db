export type { GenlockErrorData } from './api-error.ts';
export type { GenlockProviderOptions } from './call-options.ts';
export type { GenlockMetadata } from './metadata.ts';
export { createGenlock, type GenlockProvider, genlock } from './provider.ts';
export type { GenlockSettings } from './settings.ts';
