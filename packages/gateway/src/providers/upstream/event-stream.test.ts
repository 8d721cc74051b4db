import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEvents } from './event-stream.ts';

async function read(pieces: readonly Uint8Array[]) {
  async function* body() {
    yield* pieces;
  }
  const events = [];
  for await (const event of readEvents(body())) events.push(event);
  return events;
}

it('reads events wherever the pieces are cut, whatever ends the lines', async () => {
  const text =
    ': hello\r\nevent: a\r\ndata: é1\r\ndata:2\r\n\r\ndata: {"x":"ü"}\n\nid: 4\n\nevent: cut\ndata: off';
  const bytes = new TextEncoder().encode(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      expect(await read(pieces)).toEqual([
        { event: 'a', data: 'é1\n2' },
        { event: 'message', data: '{"x":"ü"}' },
      ]);
    }),
  );
});

it('gives up on an event without an end', async () => {
  await expect(read([new Uint8Array(5 * 1024 * 1024).fill(0x61)])).rejects.toMatchObject({
    code: 'upstream_invalid_result',
  });
});

it.each(['data\n', 'data: a line\n'])('gives up on an event of endless lines: %j', async (line) => {
  const lines = new TextEncoder().encode(line.repeat(64 * 1024));
  let pieces = 0;
  async function* body() {
    for (; pieces < 1_000; pieces += 1) yield lines;
  }
  const first = readEvents(body()).next();
  await expect(first).rejects.toMatchObject({ code: 'upstream_invalid_result' });
  expect(pieces).toBeLessThan(100);
});
