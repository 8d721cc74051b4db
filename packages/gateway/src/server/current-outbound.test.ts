import { expect, it } from 'vitest';
import type { Outbound } from '../http/outbound/outbound.ts';
import { currentOutbound } from './current-outbound.ts';

const request = { timeoutMs: 1000, maxBytes: 1000, maxRedirects: 0 };

/** An outbound whose calls end when told so, or when it is closed. */
function slow() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const answer = { status: 200, headers: {}, body: new Uint8Array() };
  const seen = { closed: 0, end: resolve };
  const outbound: Outbound = {
    check: () => undefined,
    fetch: () => promise.then(() => answer),
    close: async () => {
      seen.closed += 1;
      resolve();
    },
  };
  return { outbound, seen };
}

it('closes the one before at once where nothing is under way, and otherwise with itself', async () => {
  const [idle, busy, last] = [slow(), slow(), slow()];
  const current = currentOutbound(idle.outbound);
  current.replace(busy.outbound);
  expect(idle.seen.closed).toBe(1);
  const call = current.fetch('https://a.test/', request);
  current.replace(last.outbound);
  expect(busy.seen.closed).toBe(0);
  await current.close();
  expect([busy.seen.closed, last.seen.closed]).toEqual([1, 1]);
  expect((await call).status).toBe(200);
});

it('forgets the one before when its last call has ended', async () => {
  const [before, after] = [slow(), slow()];
  const current = currentOutbound(before.outbound);
  const calls = [current.fetch('https://a.test/', request), current.fetch('https://b.test/', request)];
  current.replace(after.outbound);
  before.seen.end();
  await Promise.all(calls);
  await current.close();
  expect([before.seen.closed, after.seen.closed]).toEqual([0, 1]);
});
