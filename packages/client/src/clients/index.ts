export * from './getimg/index.ts';
export * from './kiara/index.ts';
export * from './llmtune/index.ts';
export * from './native/index.ts';
export * from './shared.ts';
export * from './skills-video/index.ts';
export * from './skytells/index.ts';
