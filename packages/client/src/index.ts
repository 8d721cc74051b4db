export type { Advice } from './advice.ts';
export * from './clients/index.ts';
export { type AnyFetchOptions, createFetch } from './create-any-fetch.ts';
export type { Dialect } from './dialect.ts';
export { getimg } from './dialects/getimg.ts';
export { kiara } from './dialects/kiara.ts';
export { llmtune } from './dialects/llmtune.ts';
export { native } from './dialects/native.ts';
export { skillsVideo } from './dialects/skills-video.ts';
export { skytells } from './dialects/skytells.ts';
export {
  type AnyGenerationError,
  type DialectName,
  GenerationError,
  type KnownWireCodes,
  type WireCode,
} from './error.ts';
export type { Fetch, Retrying } from './fetch/create-fetch.ts';
export type { ErrorAnswer } from './parse.ts';
export { parseError, parseErrorBody, parseFailure } from './parse-any.ts';
export * from './webhooks/index.ts';
