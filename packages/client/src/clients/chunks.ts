import { type DialectName, GenerationError } from '../error.ts';
import { parseJson } from '../json.ts';
import { failureIn } from '../parse.ts';
import { readEvents } from './sse-reader.ts';
import type { Call, Transport } from './transport.ts';

/** Services that say something now and then while they think do so at least this often; silence is a dead connection. */
export const IDLE_MS = 120_000;

/**
 * A stream that ends with `[DONE]`, as OpenAI has it: the JSON of each event.
 *
 * @throws GenerationError as the service tells it, also in the middle; `outcome_unknown` for a stream that breaks off
 */
export async function* readChunks<D extends DialectName, Chunk>(
  transport: Transport<D>,
  call: Call,
): AsyncGenerator<Chunk, void, undefined> {
  const response = await transport.send({
    ...call,
    headers: { ...call.headers, accept: 'text/event-stream' },
  });
  let cause: unknown;
  try {
    for await (const { data } of readEvents(response.body, IDLE_MS)) {
      if (data === '[DONE]') return;
      const chunk = parseJson(data);
      const failure = failureIn(transport.dialect, chunk);
      if (failure !== undefined) throw failure;
      if (chunk !== undefined) yield chunk as Chunk;
    }
  } catch (thrown) {
    if (GenerationError.isInstance(thrown)) throw thrown;
    call.signal?.throwIfAborted();
    cause = thrown;
  }
  const { name } = transport.dialect;
  throw new GenerationError<D>({
    code: 'outcome_unknown',
    dialect: name,
    message: `${name}: the stream broke off; what was streamed may be charged.`,
    mayHaveBeenCharged: true,
    cause,
  });
}
