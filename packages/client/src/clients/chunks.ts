import { type DialectName, GenerationError } from '../error.ts';
import { isObject, parseJson } from '../json.ts';
import { failureIn } from '../parse.ts';
import { IDLE_MS, readText } from './read-pieces.ts';
import { readEvents } from './sse-reader.ts';
import type { Call, Transport } from './transport.ts';

/**
 * A stream in OpenAI's form, ending with `[DONE]`: yields the JSON of each event. A complete answer counts as one event.
 *
 * @throws GenerationError for an error of the service, also in the middle; `outcome_unknown` if the stream breaks off
 */
export async function* readChunks<D extends DialectName, Chunk>(
  transport: Transport<D>,
  call: Call,
): AsyncGenerator<Chunk, void, undefined> {
  const { response, idempotencyKey } = await transport.open({
    ...call,
    headers: { ...call.headers, accept: 'text/event-stream' },
  });
  const read = (data: string): Chunk | undefined => {
    const chunk = parseJson(data);
    const failure = failureIn(transport.dialect, chunk);
    if (failure !== undefined) throw failure;
    return chunk as Chunk | undefined;
  };
  let cause: unknown;
  try {
    if (/[/+]json\s*(?:;|$)/i.test(response.headers.get('content-type') ?? '')) {
      const whole = read(await readText(response));
      if (whole !== undefined) {
        yield asChunk(whole);
        return;
      }
    }
    for await (const { data } of readEvents(response.bodyUsed ? null : response.body, IDLE_MS)) {
      if (data === '[DONE]') return;
      const chunk = read(data);
      if (chunk !== undefined) yield chunk;
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
    idempotencyKey,
    mayHaveBeenCharged: true,
    cause,
  });
}

/**
 * Turns a complete answer, of a service that does not stream, into a chunk: its messages contain everything that a stream would have sent
 * in pieces.
 */
function asChunk<Chunk>(whole: Chunk): Chunk {
  if (!isObject(whole) || !Array.isArray(whole.choices)) return whole;
  const choices = whole.choices.map((choice) => {
    if (!isObject(choice) || choice.message === undefined) return choice;
    const { message: delta, ...rest } = choice;
    return { ...rest, delta };
  });
  return { ...(whole as object), choices } as Chunk;
}
