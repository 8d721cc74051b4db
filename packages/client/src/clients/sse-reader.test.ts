import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { all } from '../../testing/all.ts';
import { readEvents } from './sse-reader.ts';

/** A body that arrives in these pieces. */
function bodyOf(...pieces: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(
    pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)),
  ) as ReadableStream<Uint8Array>;
}

const STREAM = [
  ': ping',
  '',
  'id: 1',
  'event: created',
  'data: {"a":"ä€😀"}',
  '',
  'data: first',
  'data:second',
  'data',
  'retry: 5',
  '',
  'event: nothing',
  '',
  'id: 2',
  'data: a: b',
  '',
  'data: cut off',
  '',
].join('\n');
const EVENTS = [
  { event: 'created', data: '{"a":"ä€😀"}', id: '1' },
  { event: 'message', data: 'first\nsecond\n', id: '1' },
  { event: 'message', data: 'a: b', id: '2' },
];

describe('the reader of server-sent events', () => {
  it('reads what is whole, however it is cut and its lines end', async () => {
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.constantFrom('\n', '\r\n', '\r'), async (places, end) => {
        const bytes = new TextEncoder().encode(STREAM.replaceAll('\n', end));
        const at = [0, ...places.map((place) => Math.min(place, bytes.length)), bytes.length].toSorted(
          (a, b) => a - b,
        );
        const pieces = at.slice(1).map((to, index) => bytes.subarray(at[index], to));
        expect(await all(readEvents(bodyOf(...pieces)))).toEqual(EVENTS);
      }),
    );
  });

  it('reads nothing of nothing', async () => {
    expect(await all(readEvents(null))).toEqual([]);
  });

  it('gives up on silence', async () => {
    const events = readEvents(new ReadableStream(), 10);
    await expect(events.next()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('gives up on an event without end', async () => {
    const piece = 'x'.repeat(1024 * 1024);
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(piece)),
    });
    await expect(readEvents(endless).next()).rejects.toThrow(RangeError);
  });

  it('ends the connection when its reader leaves', async () => {
    const ended = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
      cancel: () => ended.resolve(),
    });
    for await (const { data } of readEvents(body)) {
      expect(data).toBe('x');
      break;
    }
    await ended.promise;
  });
});
