import { amended, GenerationError } from '../../error.ts';
import { isObject, parseJson } from '../../json.ts';
import { failureIn } from '../../parse.ts';
import type { WaitOptions } from '../job-source.ts';
import type { KeyedCallOptions } from '../options.ts';
import { readEvents } from '../sse-reader.ts';
import type { Transport } from '../transport.ts';
import type { Generation, Order, SucceededGeneration, ToolCall } from './types.ts';

/**
 * `created`, a `delta` for each piece, `tool_calls` if the model calls tools, and `ended`. The streamed text is not stored; `ended` has
 * usage and cost.
 */
export type TextEvent =
  | { readonly type: 'created'; readonly generation: Generation }
  | { readonly type: 'delta'; readonly text: string }
  | { readonly type: 'tool_calls'; readonly calls: readonly ToolCall[] }
  | {
      readonly type: 'ended';
      readonly generation: SucceededGeneration;
      /** Why the model stopped; null if an earlier call received the text. */
      readonly finishReason: 'stop' | 'length' | 'tool_calls' | null;
    };

/** The generation, with the member that only this event has. */
type EndedData = SucceededGeneration & { readonly finish_reason?: 'stop' | 'length' | 'tool_calls' };

/** The server sends something every 15 s. */
const IDLE_MS = 60_000;

/** @param wait waits for the end of an order whose text an earlier call received */
export async function* streamText(
  transport: Transport<'native'>,
  wait: (generation: Generation, options: WaitOptions<Generation>) => Promise<SucceededGeneration>,
  order: Order,
  options: KeyedCallOptions = {},
): AsyncGenerator<TextEvent, void, undefined> {
  const { response, idempotencyKey } = await transport.open({
    ...options,
    method: 'POST',
    path: '/generations',
    json: { ...order, stream: true },
    headers: { ...options.headers, accept: 'text/event-stream' },
  });
  const brokenOff = (cause?: unknown) =>
    new GenerationError({
      code: 'outcome_unknown',
      dialect: 'native',
      message: 'native: the stream broke off; what was streamed is charged.',
      generationId: id,
      idempotencyKey,
      mayHaveBeenCharged: true,
      cause,
    });
  let id: string | undefined;
  try {
    if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
      // An earlier call with the same key received the text.
      const generation = (await response.json()) as Generation;
      ({ id } = generation);
      yield { type: 'created', generation };
      const ended = await wait(generation, { signal: options.signal });
      yield { type: 'ended', generation: ended, finishReason: null };
      return;
    }
    for await (const { event, data } of readEvents(response.body, IDLE_MS)) {
      const value = parseJson(data);
      const failure = failureIn(transport.dialect, value);
      if (failure !== undefined)
        throw amended(failure, { idempotencyKey, generationId: failure.generationId ?? id });
      if (!isObject(value)) continue;
      if (event === 'delta') yield { type: 'delta', text: String(value.text) };
      else if (event === 'tool_calls' && Array.isArray(value.calls))
        yield { type: 'tool_calls', calls: value.calls as readonly ToolCall[] };
      else if (event === 'created') {
        const generation = value as unknown as Generation;
        ({ id } = generation);
        yield { type: 'created', generation };
      } else if (event === 'ended') {
        const { finish_reason = null, ...generation } = value as unknown as EndedData;
        yield { type: 'ended', generation, finishReason: finish_reason };
        return;
      }
    }
  } catch (thrown) {
    if (GenerationError.isInstance(thrown)) throw thrown;
    options.signal?.throwIfAborted();
    throw brokenOff(thrown);
  }
  throw brokenOff();
}
