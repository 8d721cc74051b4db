import { readPieces } from './read-pieces.ts';

export interface SseEvent {
  /** `message` if the service names none. */
  readonly event: string;
  readonly data: string;
  /** Of this event or the last earlier one with an id; empty if there was none. */
  readonly id: string;
}

/** No event of these APIs is larger. */
const MAX_EVENT_CHARS = 16 * 1024 * 1024;

/**
 * Server-sent events as they arrive (HTML standard, section 9.2). An event that is cut off is dropped. Leaving the loop closes the
 * connection.
 *
 * @param idleMs after this time without a byte the connection counts as dead
 * @throws errors of reading; `TimeoutError` if it is silent for too long; RangeError for an endless event
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array> | null,
  idleMs?: number,
): AsyncGenerator<SseEvent, void, undefined> {
  const decoder = new TextDecoder();
  const parse = createParser();
  for await (const piece of readPieces(body, () => idleMs))
    yield* parse(decoder.decode(piece, { stream: true }));
}

/** Takes text in arbitrary pieces and yields the complete events. */
function createParser(): (text: string) => Generator<SseEvent, void, undefined> {
  let rest = '';
  let data: string[] = [];
  let event = '';
  let id = '';
  /** The last piece ended with a CR, which an LF may follow. */
  let half = false;
  const take = (line: string): void => {
    const [, name = '', value = ''] = /^([^:]*)(?::[ ]?)?(.*)$/s.exec(line) ?? [];
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
  };
  return function* parse(text) {
    if (text === '') return;
    rest += half && text.startsWith('\n') ? text.slice(1) : text;
    half = rest.endsWith('\r');
    if (rest.length > MAX_EVENT_CHARS) throw new RangeError('An event of the stream has no end.');
    for (;;) {
      const end = /\r\n|\n|\r/.exec(rest);
      if (end === null) return;
      const line = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      if (line !== '') {
        take(line);
        continue;
      }
      const told = data;
      const name = event || 'message';
      data = [];
      event = '';
      if (told.length > 0) yield { event: name, data: told.join('\n'), id };
    }
  };
}
