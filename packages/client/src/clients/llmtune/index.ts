export {
  createLLMTuneClient,
  LLMTUNE_URL,
  type LlmtuneChat,
  type LlmtuneClient,
  type LlmtuneModelQuery,
  type LlmtuneUsageQuery,
} from './client.ts';
export type { LlmtuneBatches, LlmtuneTrainings } from './jobs.ts';
export type * from './types.ts';
