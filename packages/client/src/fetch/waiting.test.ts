import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BadServer, drop, hang, refuse, startBadServer } from '../../testing/bad-server.ts';
import { CREATE, callerOf } from '../../testing/calls.ts';
import { createFetch, type Retrying } from '../index.ts';

let server: BadServer;
let call: ReturnType<typeof callerOf>['call'];
let slept: number[];
beforeAll(async () => {
  server = await startBadServer();
  ({ call, slept } = callerOf(server));
});
afterAll(() => server.close());

describe('waiting', () => {
  const limited = (headers: Record<string, string>, body: unknown = '') => refuse(429, body, headers);

  it('is as long as the server asks, by whichever hint, and a little longer', async () => {
    await call('llmtune', [
      limited({ 'retry-after': '3' }),
      limited({ 'retry-after-ms': '40' }),
      limited({}, { error: 'rate_limit_exceeded', retryAfter: 5 }),
    ]);
    expect(slept).toEqual([3250, 290, 5250]);
    await call('kiara', [limited({ 'retry-after': new Date(Date.now() + 20_000).toUTCString() })]);
    expect(slept[0]).toBeGreaterThan(15_000);
    expect(slept[0]).toBeLessThanOrEqual(20_250);
  });

  it('is anything up to a ceiling that doubles, where nobody says', async () => {
    await call('kiara', Array(9).fill(drop), { attempts: 9 });
    expect(slept).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    await call('kiara', [drop, limited({ 'retry-after': 'soon' })], { random: () => 0 });
    expect(slept).toEqual([0, 0]);
  });

  it('ends where the answer would come after the deadline, or after a minute without one', async () => {
    expect(await call('kiara', [limited({ 'retry-after': '9' })], { deadlineMs: 5_000 })).toMatchObject({
      posts: 1,
      end: 429,
    });
    expect(await call('kiara', [limited({ 'retry-after': '9' })], { deadlineMs: 50_000 })).toMatchObject({
      posts: 2,
      end: 200,
    });
    expect(await call('kiara', [limited({ 'retry-after': '86400' })])).toMatchObject({ posts: 1, end: 429 });
  });

  it('is told, with the reason', async () => {
    const told: Retrying[] = [];
    await call('kiara', [limited({}), drop], {
      onRetry: (retrying) => {
        told.push(retrying);
        throw new Error('a broken log');
      },
    });
    expect(told).toMatchObject([
      { attempt: 1, delayMs: 250, method: 'POST', reason: { code: 'rate_limited' } },
      { attempt: 2, delayMs: 500, reason: { name: 'TypeError' } },
    ]);
  });
});

describe('a deadline', () => {
  it('ends a call that is under way: unknown where it is paid, else a time-out', async () => {
    const options = { deadlineMs: 250 };
    expect(await call('kiara', [hang], options)).toEqual({ posts: 1, paid: 1, end: 'outcome_unknown' });
    expect(await call('kiara', [hang], options, {}, '/v1/balance')).toMatchObject({
      posts: 1,
      end: 'TimeoutError',
    });
    const none = { deadlineMs: 0 };
    expect(await call('kiara', [], none)).toEqual({ posts: 0, paid: 0, end: 'TimeoutError' });
  });

  it('does not cut a body that is still coming', async () => {
    server.next((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      setTimeout(() => response.end('data: 2\n\n'), 400);
    });
    const send = createFetch({ dialect: 'llmtune', deadlineMs: 300 });
    const response = await send(server.url + CREATE.llmtune, { method: 'POST', body: '{}' });
    expect(await response.text()).toBe('data: 1\n\ndata: 2\n\n');
  });
});

describe('an abort', () => {
  it('is thrown as fetch throws it: before, during and between attempts', async () => {
    const reason = new Error('enough');
    const init = { method: 'POST', body: '{}' };
    const before = createFetch({ dialect: 'kiara' })(`${server.url}/`, {
      ...init,
      signal: AbortSignal.abort(reason),
    });
    await expect(before).rejects.toBe(reason);

    const during = new AbortController();
    server.next(() => during.abort(reason));
    await expect(
      createFetch({ dialect: 'kiara' })(`${server.url}/`, { ...init, signal: during.signal }),
    ).rejects.toBe(reason);

    const between = new AbortController();
    server.next(refuse(429, '', { 'retry-after': '30' }));
    const onRetry = () => queueMicrotask(() => between.abort(reason));
    const waiting = createFetch({ dialect: 'kiara', onRetry })(`${server.url}/`, {
      ...init,
      signal: between.signal,
    });
    await expect(waiting).rejects.toBe(reason);
    expect(server.arrivals).toHaveLength(1);
  });
});
