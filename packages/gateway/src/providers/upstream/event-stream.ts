import { GenlockError } from '../../domain/error.ts';

/** A single event of a model's text is never longer. */
const MAX_EVENT_CHARS = 4 * 1024 * 1024;

export interface UpstreamEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads server-sent events (HTML standard, section 9.2.6), wherever the chunks are cut. */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<UpstreamEvent, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let event = '';
  let data: string[] = [];
  let chars = 0;
  for await (const piece of body) {
    rest += decoder.decode(piece, { stream: true });
    // A CR at the end of a chunk may be the first half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { event: event || 'message', data: data.join('\n') };
        event = '';
        data = [];
        chars = 0;
        continue;
      }
      const [field, value] = fieldOf(line);
      if (field === 'event') event = value;
      else if (field === 'data') {
        data.push(value);
        // An empty line takes memory too.
        chars += value.length + 1;
      }
    }
    if (rest.length + chars > MAX_EVENT_CHARS)
      throw new GenlockError('upstream_invalid_result', undefined, {
        raw: 'an endless event',
        accepted: 'maybe',
      });
  }
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
