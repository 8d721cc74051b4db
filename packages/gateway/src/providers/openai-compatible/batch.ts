import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchItemResult, BatchResult } from '../../domain/batch-result.ts';
import { GenlockError } from '../../domain/error.ts';
import type { BatchRequest, TextRequest } from '../../domain/request.ts';
import { believedUsage } from '../../domain/token-counts.ts';
import type { Delivered, ProviderCall } from '../port.ts';
import { lostAmong, withLostCalls } from '../upstream/lost-calls.ts';
import { text } from './chat.ts';
import { collectText } from './collect-text.ts';
import type { Line } from './line.ts';

type Item = BatchRequest['items'][number];

/** The outcome of one prompt. */
type Outcome =
  | { readonly result: BatchItemResult; readonly cost?: number }
  | { readonly id: string; readonly error: GenlockError };

const AT_ONCE = 4;
/** How often a prompt is tried while it is refused because of a rate limit. */
const TRIES = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Sends the prompts of a batch as separate chats, several at a time, each once. A failure is reported with its prompt, and the others
 * continue. The batch as a whole fails only if nothing was bought, so that it can then be retried, also elsewhere. If it is stopped in the
 * middle it returns what it has: calls under way are lost, and the others were never made.
 */
export async function answerBatch(
  line: Line,
  call: ProviderCall,
  { items, seed }: BatchRequest,
): Promise<Delivered> {
  const outcomes: Outcome[] = [];
  let hopeless: GenlockError | undefined;
  const ask = async (item: Item, index: number): Promise<Outcome> => {
    if (hopeless !== undefined) return { id: item.id, error: hopeless };
    if (call.signal.aborted) return { id: item.id, error: tooLate() };
    try {
      return await answer(line, call, item, { seed, index });
    } catch (thrown) {
      const error = GenlockError.from(thrown, 'upstream_failed');
      if (error.code === 'model_misconfigured') hopeless = neverSent(error);
      return { id: item.id, error };
    }
  };
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      outcomes[index] = await ask(item, index);
      tellProgress(call, outcomes, items.length);
    }
  };
  const atOnce = Math.min(items.length, line.settings.batch_concurrency ?? AT_ONCE);
  await Promise.all(Array.from({ length: atOnce }, work));
  throwIfNothingBought(outcomes);
  return delivered(outcomes);
}

function tooLate(): GenlockError {
  return new GenlockError('upstream_timeout', 'The batch ended before this prompt was sent.');
}

/** The error of prompts that were not sent, so nothing of them is ambiguous. */
function neverSent({ code, message, detail }: GenlockError): GenlockError {
  return new GenlockError(code, message, { ...detail, accepted: 'no' });
}

async function answer(
  line: Line,
  call: ProviderCall,
  { id, prompt, ...sampling }: Item,
  { seed, index }: { readonly seed: number; readonly index: number },
): Promise<Outcome> {
  const request: TextRequest = {
    kind: 'text',
    messages: [{ role: 'user', content: prompt }],
    seed,
    ...sampling,
  };
  const {
    text: said,
    finishReason,
    usage,
    cost,
  } = await patiently(call.signal, () => collectText(text(line, call, request, index)));
  const reason = finishReason === 'length' ? 'length' : 'stop';
  const counted = { ...usage, ...believedUsage(request, {}, usage) };
  return {
    result: { id, text: said, ...counted, finishReason: reason },
    ...(cost !== undefined && { cost }),
  };
}

/** A call that was refused because of a rate limit was not made, so it may be repeated. */
async function patiently<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      const refused = error instanceof GenlockError && error.code === 'upstream_rate_limited';
      if (!refused || tries === TRIES) throw error;
      const wait = error.detail.retryAfterMs ?? FIRST_WAIT_MS * 2 ** tries;
      await sleep(Math.min(LONGEST_WAIT_MS, wait) * (1 + Math.random() / 4), undefined, { signal });
    }
  }
}

function tellProgress(call: ProviderCall, outcomes: readonly Outcome[], all: number): void {
  const ended = outcomes.filter((one) => one !== undefined);
  const failed = ended.filter((one) => 'error' in one).length;
  const percent = Math.floor((100 * ended.length) / all);
  call.tell({ percent, metrics: { completed: ended.length - failed, failed } });
}

/**
 * Errors that the caller has to correct count as outcomes. If no prompt brought anything and some may have to be paid, the error of the
 * whole batch says so.
 */
function throwIfNothingBought(outcomes: readonly Outcome[]): void {
  const errors = outcomes.flatMap((one) => ('error' in one ? [one.error] : []));
  const lost = errors.find(({ detail }) => detail.accepted === 'maybe');
  if (lost !== undefined && errors.length === outcomes.length) throw withLostCalls(lost, errors);
  const bought = errors.length < outcomes.length || errors.some(({ detail }) => detail.accepted === 'yes');
  const fault = errors.find(({ code }) => code !== 'content_rejected' && code !== 'invalid_parameter');
  if (!bought && fault !== undefined) throw fault;
}

function delivered(outcomes: readonly Outcome[]): Delivered {
  const results = outcomes.map((one) =>
    'error' in one ? { id: one.id, error: one.error.message } : one.result,
  );
  const total = (of: 'inputTokens' | 'outputTokens'): number =>
    results.reduce((sum, result) => sum + ('error' in result ? 0 : result[of]), 0);
  const costs = outcomes.flatMap((one) => ('cost' in one ? [one.cost ?? 0] : []));
  const result: BatchResult = { items: results };
  return {
    outputs: [{ bytes: new TextEncoder().encode(JSON.stringify(result)), contentType: 'application/json' }],
    usage: { inputTokens: total('inputTokens'), outputTokens: total('outputTokens') },
    ...(costs.length > 0 && { cost: costs.reduce((sum, cost) => sum + cost, 0) }),
    ...lostAmong(outcomes.flatMap((one) => ('error' in one ? [one.error] : []))),
  };
}
