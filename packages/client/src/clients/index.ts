export * from './native/index.ts';
export * from './shared.ts';
