import Type from 'typebox';
import type { BatchItemResult, BatchResult } from '../../../domain/batch-result.ts';
import { GenlockError } from '../../../domain/error.ts';
import type { BatchRequest } from '../../../domain/request.ts';
import { estimateTokens } from '../../openai-compatible/read-chat.ts';
import { countOf } from '../../upstream/count-of.ts';
import { unserved } from '../../upstream/model-input.ts';
import { withParameters } from '../../upstream/parameters.ts';
import { replyReader } from '../../upstream/reply.ts';
import type { UpstreamRequest } from '../../upstream/request.ts';
import { chat } from '../chats.ts';
import type { Contract, Job } from '../contract.ts';
import { ended, failureIn } from '../failures.ts';
import type { Line } from '../line.ts';
import { jsonOutput } from '../outputs.ts';

const summary = Type.Object({
  accepted: Type.Optional(Type.Number()),
  completed: Type.Optional(Type.Number()),
  failed: Type.Optional(Type.Number()),
});
const batch = Type.Object({
  batchId: Type.String({ minLength: 1 }),
  status: Type.String(),
  summary: Type.Optional(summary),
  results: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.String(),
        text: Type.Union([Type.String(), Type.Null()]),
        tokens: Type.Optional(Type.Unknown()),
        error: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      }),
    ),
  ),
});
type Batch = Type.Static<typeof batch>;
const readOrdered = replyReader(batch, true);
const readLooked = replyReader(batch, false);

/** LLMTune: chats and batches of prompts, for which keys are honoured (section 13). */
export const llmtune: Contract = {
  dialect: 'llmtune',
  keyed: ['batch'],
  pollMs: 2_000,
  credentials: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  orders: async (line, { request, model }) => {
    if (request.kind !== 'batch') throw unserved(request.kind);
    return [batchOrder(line, model, request)];
  },
  look: (id) => ({ method: 'GET', path: `/v1/batch/${encodeURIComponent(id)}` }),
  read: ({ body }, of, _line, { request }) =>
    jobOf((of === 'order' ? readOrdered : readLooked)(body), request.kind === 'batch' ? request.items : []),
  stream: (line, call, request) => {
    if (request.embed !== undefined)
      throw new GenlockError('model_misconfigured', undefined, { raw: 'the upstream makes no vectors' });
    return chat(line, call, request, hasTools(request) ? AGENT : '/v1/chat/completions');
  },
};

/** Tools are only in the endpoint for coding clients (section 8). */
const AGENT = '/api/agent/v1/chat/completions';

function hasTools({ tools = [], messages }: Parameters<NonNullable<Contract['stream']>>[2]): boolean {
  return tools.length > 0 || messages.some(({ role }) => role === 'tool');
}

function batchOrder({ settings }: Line, modelId: string, { items }: BatchRequest): UpstreamRequest {
  const requests = items.map(({ id, prompt, temperature, maxTokens, topP, topK }) => ({
    ...{ id, prompt, temperature, maxTokens },
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
  }));
  const json = withParameters({ modelId, requests }, settings.parameters);
  return { method: 'POST', path: '/v1/batch/inference', json };
}

function jobOf(read: Batch, items: BatchRequest['items']): Job {
  const { batchId: id, status, summary: counts = {}, results = [] } = read;
  const { accepted = 0, completed = 0, failed = 0 } = counts;
  switch (status) {
    case 'completed':
      return { id, state: 'succeeded', ...deliveryOf(results, items) };
    case 'failed':
      return { id, state: 'failed', failure: failureIn('llmtune', read) ?? ended('failed', 'yes') };
    default:
      return {
        ...{ id, state: 'running', metrics: { completed, failed } },
        percent: accepted === 0 ? 0 : (100 * (completed + failed)) / accepted,
      };
  }
}

/** The contract counts the tokens of a prompt and its answer together. */
function deliveryOf(
  results: NonNullable<Batch['results']>,
  items: BatchRequest['items'],
): Pick<Job, 'output' | 'usage'> {
  const ordered = new Map(items.map((item) => [item.id, item]));
  const told = results.map(({ id, text, tokens, error }): BatchItemResult => {
    if (text === null || typeof error === 'string') return { id, error: 'The prompt failed.' };
    const { prompt = '', maxTokens = 0 } = ordered.get(id) ?? {};
    const all = countOf(tokens) ?? 0;
    const inputTokens = Math.min(all, estimateTokens(prompt));
    const outputTokens = Math.min(all - inputTokens, maxTokens);
    return { id, text, inputTokens, outputTokens, finishReason: 'stop' };
  });
  const total = (of: 'inputTokens' | 'outputTokens'): number =>
    told.reduce((sum, one) => sum + ('error' in one ? 0 : one[of]), 0);
  const result: BatchResult = { items: told };
  return {
    output: jsonOutput(result),
    usage: { inputTokens: total('inputTokens'), outputTokens: total('outputTokens') },
  };
}
