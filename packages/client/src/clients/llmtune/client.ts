import { llmtune } from '../../dialects/llmtune.ts';
import type { ChatChunk, ChatCompletion } from '../chat-types.ts';
import { readChunks } from '../chunks.ts';
import type { CallOptions, VendorOptions } from '../options.ts';
import { createTransport, segment } from '../transport.ts';
import { type LlmtuneBatches, type LlmtuneTrainings, llmtuneBatches, llmtuneTrainings } from './jobs.ts';
import type {
  LlmtuneAgentModelList,
  LlmtuneChatOrder,
  LlmtuneInference,
  LlmtuneInferenceChunk,
  LlmtuneInferenceOrder,
  LlmtuneModelList,
  LlmtuneUsageSummary,
} from './types.ts';

export interface LlmtuneChat {
  create(order: LlmtuneChatOrder, options?: CallOptions): Promise<ChatCompletion>;
  /** Streams the answer. Errors are thrown, also in the middle. */
  stream(order: LlmtuneChatOrder, options?: CallOptions): AsyncGenerator<ChatChunk, void, undefined>;
}

export interface LlmtuneModelQuery extends CallOptions {
  /** Also list models that are switched off. */
  readonly inactiveToo?: boolean;
}

export interface LlmtuneUsageQuery extends CallOptions {
  /** ISO dates; default: this month. */
  readonly from?: string;
  readonly to?: string;
}

/**
 * Every method throws a `GenerationError` of LLMTune, or the reason of the signal. Idempotency keys are only honoured for batches and
 * training.
 */
export interface LlmtuneClient {
  readonly chat: LlmtuneChat;
  /** For coding clients, with the models for agents. */
  readonly agent: {
    readonly chat: LlmtuneChat;
    models(query?: LlmtuneModelQuery): Promise<LlmtuneAgentModelList>;
  };
  /** Generates a text from a prompt. */
  readonly inference: {
    create(modelId: string, order: LlmtuneInferenceOrder, options?: CallOptions): Promise<LlmtuneInference>;
    stream(
      modelId: string,
      order: LlmtuneInferenceOrder,
      options?: CallOptions,
    ): AsyncGenerator<LlmtuneInferenceChunk, void, undefined>;
  };
  readonly playground: {
    create(
      order: LlmtuneInferenceOrder & { readonly modelId: string },
      options?: CallOptions,
    ): Promise<LlmtuneInference>;
  };
  readonly batches: LlmtuneBatches;
  readonly training: LlmtuneTrainings;
  readonly models: { list(query?: LlmtuneModelQuery): Promise<LlmtuneModelList> };
  usage(query?: LlmtuneUsageQuery): Promise<LlmtuneUsageSummary>;
  /** Needs no key. */
  health(options?: CallOptions): Promise<{ readonly status: string }>;
}

/** The vendor's own address. At Genlock it is `<gateway>/llmtune`. */
export const LLMTUNE_URL = 'https://api.llmtune.io';

/**
 * A client of LLMTune or of whoever serves its contract.
 *
 * @param options `apiKey`; `baseUrl` for anywhere but the vendor's own address
 */
export function createLLMTuneClient(options: VendorOptions): LlmtuneClient {
  const auth = { authorization: `Bearer ${options.apiKey}` };
  const transport = createTransport({ baseUrl: LLMTUNE_URL, ...options, dialect: llmtune, auth });
  const { json } = transport;
  const post = <T>(path: string, body: object, call?: CallOptions) =>
    json<T>({ ...call, method: 'POST', path, json: body });
  const stream = <T>(path: string, body: object, call?: CallOptions) =>
    readChunks<'llmtune', T>(transport, { ...call, method: 'POST', path, json: { ...body, stream: true } });
  const chatAt = (path: string): LlmtuneChat => ({
    create: (order, call) => post(path, order, call),
    stream: (order, call) => stream(path, order, call),
  });
  const all = (inactiveToo: boolean | undefined) => ({ active: inactiveToo ? false : undefined });
  return {
    chat: chatAt('/v1/chat/completions'),
    agent: {
      chat: chatAt('/api/agent/v1/chat/completions'),
      models: ({ inactiveToo, ...call } = {}) =>
        json({ ...call, path: '/api/agent/v1/models', query: all(inactiveToo) }),
    },
    inference: {
      create: async (modelId, order, call) => post(inferencePath(modelId), order, call),
      stream: (modelId, order, call) => stream(inferencePath(modelId), order, call),
    },
    playground: { create: (order, call) => post('/v1/playground/inference', order, call) },
    batches: llmtuneBatches(transport),
    training: llmtuneTrainings(transport),
    models: {
      list: ({ inactiveToo, ...call } = {}) =>
        json({ ...call, path: '/api/models/list', query: all(inactiveToo) }),
    },
    usage: ({ from, to, ...call } = {}) => json({ ...call, path: '/api/usage/summary', query: { from, to } }),
    health: (call) => json({ ...call, path: '/api/health' }),
  };
}

/** The slash in a model id is not encoded (contract section 3). */
function inferencePath(modelId: string): string {
  return `/v1/models/${modelId.split('/').map(segment).join('/')}/inference`;
}
