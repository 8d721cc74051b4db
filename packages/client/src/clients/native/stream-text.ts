import { GenerationError } from '../../error.ts';
import { isObject, parseJson } from '../../json.ts';
import { failureIn } from '../../parse.ts';
import type { KeyedCallOptions } from '../options.ts';
import { readEvents } from '../sse-reader.ts';
import type { Transport } from '../transport.ts';
import type { Generations } from './generations.ts';
import type { Generation, Order, SucceededGeneration } from './types.ts';

/** `created`, then a `delta` for each piece, then `ended`. Text that was streamed is not kept: `ended` has usage and cost. */
export type TextEvent =
  | { readonly type: 'created'; readonly generation: Generation }
  | { readonly type: 'delta'; readonly text: string }
  | { readonly type: 'ended'; readonly generation: SucceededGeneration };

/** The server says something every 15 s. */
const IDLE_MS = 60_000;

export async function* streamText(
  transport: Transport<'native'>,
  generations: Pick<Generations, 'wait'>,
  order: Order,
  options: KeyedCallOptions = {},
): AsyncGenerator<TextEvent, void, undefined> {
  const response = await transport.send({
    ...options,
    method: 'POST',
    path: '/generations',
    json: { ...order, stream: true },
    headers: { ...options.headers, accept: 'text/event-stream' },
  });
  let id: string | undefined;
  try {
    if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
      // An earlier call with the same key has had the text.
      const generation = (await response.json()) as Generation;
      yield { type: 'created', generation };
      ({ id } = generation);
      yield { type: 'ended', generation: await generations.wait(generation, { signal: options.signal }) };
      return;
    }
    for await (const { event, data } of readEvents(response.body, IDLE_MS)) {
      const value = parseJson(data);
      const failure = failureIn(transport.dialect, value);
      if (failure !== undefined) throw failure;
      if (!isObject(value)) continue;
      if (event === 'delta') yield { type: 'delta', text: String(value.text) };
      else if (event === 'created') {
        const generation = value as unknown as Generation;
        ({ id } = generation);
        yield { type: 'created', generation };
      } else if (event === 'ended') {
        yield { type: 'ended', generation: value as unknown as SucceededGeneration };
        return;
      }
    }
  } catch (thrown) {
    if (GenerationError.isInstance(thrown)) throw thrown;
    options.signal?.throwIfAborted();
    throw brokenOff(id, thrown);
  }
  throw brokenOff(id);
}

function brokenOff(id: string | undefined, cause?: unknown): GenerationError<'native'> {
  return new GenerationError({
    code: 'outcome_unknown',
    dialect: 'native',
    message: 'native: the stream broke off; what was streamed is charged.',
    generationId: id,
    mayHaveBeenCharged: true,
    cause,
  });
}
