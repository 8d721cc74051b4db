import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf } from '../../testing/agreement.ts';
import { type BadServer, refuse, startBadServer } from '../../testing/bad-server.ts';
import { replyOf } from '../../testing/bodies.ts';
import { rowsTold } from '../../testing/catalogues.ts';
import { replay } from '../../testing/replay.ts';

let server: BadServer;
beforeAll(async () => {
  server = await startBadServer();
});
afterAll(() => server.close());

describe('a row of a catalogue, answered again and again', () => {
  it.each(rowsTold('response'))('$id', async ({ dialect, row }) => {
    const { status, headers, body } = replyOf(dialect, row);
    server.next(...Array(9).fill(refuse(status, body, headers)));
    const told = await replay(dialect, fetch, server.url);
    expect(told).toEqual(told.map(([kind]) => [kind, endOf(dialect, row, kind)]));
    // What the client says it did is what arrived.
    expect(server.arrivals).toHaveLength(
      told.reduce((sum, [, end]) => sum + (end === 'repeated' ? 2 : 1), 0),
    );
    expect(server.paid()).toBe(0);
  });
});

describe('the tables together', () => {
  it('have rows of every end, for every kind of call', () => {
    const ends = new Set(
      rowsTold('response').flatMap(({ dialect, row }) =>
        (['free', 'keyed', 'keyless'] as const).map((kind) => `${kind} ${endOf(dialect, row, kind)}`),
      ),
    );
    expect([...ends].sort()).toEqual([
      'free repeated',
      'free returned',
      'keyed repeated',
      'keyed returned',
      'keyed unknown',
      'keyless repeated',
      'keyless returned',
      'keyless unknown',
    ]);
  });
});
