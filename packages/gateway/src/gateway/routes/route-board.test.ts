import { beforeEach, expect, it } from 'vitest';
import type { CircuitPolicy } from '../../domain/circuit.ts';
import { GenlockError } from '../../domain/error.ts';
import { silentLog } from '../../telemetry/log.ts';
import { createRouteBoard, type RouteBoard } from './route-board.ts';

const policy: CircuitPolicy = {
  window: 4,
  minCalls: 2,
  failureRatio: 0.5,
  forgetMs: 60_000,
  openMs: 1_000,
  maxOpenMs: 8_000,
  brokenOpenMs: 30_000,
  restMs: 100,
};
const route = { provider: 'p', model: 'a/b' };
const sandbox = { provider: 'sandbox', model: 'm' };
const down = new GenlockError('upstream_unavailable');
let now: number;
let board: RouteBoard;

beforeEach(() => {
  now = 1_760_000_000_000;
  board = createRouteBoard({
    policy: () => policy,
    isRehearsal: (provider) => provider === 'sandbox',
    now: () => now,
    random: () => 0,
    log: silentLog,
  });
});

const fail = (where = route, error = down): void => board.begin(where).failed(error);

it('tells how every route is that was called', () => {
  board.begin(route).succeeded();
  const under = board.begin(route);
  expect(board.list()).toEqual([
    {
      ...route,
      state: 'closed',
      failureRatio: 0,
      calls: 1,
      openForMs: null,
      restForMs: null,
      cause: null,
      inFlight: 1,
    },
  ]);
  under.succeeded();
  expect(board.list()).toMatchObject([{ calls: 2, inFlight: 0 }]);
});

it('opens a route that fails, lets one call find out, and closes it', () => {
  fail();
  fail();
  expect(board.list()).toMatchObject([{ state: 'open', openForMs: 500, cause: 'upstream_unavailable' }]);
  expect(board.waitMs(route)).toBe(500);
  now += 500;
  expect(board.list()).toMatchObject([{ state: 'half_open', openForMs: null }]);
  const probe = board.begin(route);
  expect(board.waitMs(route)).toBe(policy.openMs);
  probe.accepted();
  expect(board.list()).toMatchObject([{ state: 'closed', inFlight: 1 }]);
  expect(board.waitMs(route)).toBe(0);
  probe.succeeded();
});

it('opens no route for what callers and rehearsals do', () => {
  for (let n = 0; n < 9; n += 1) {
    fail(route, new GenlockError('content_rejected'));
    fail(route, new GenlockError('model_misconfigured'));
    fail(sandbox);
    fail(sandbox, new GenlockError('upstream_rate_limited', undefined, { retryAfterMs: 9_000 }));
  }
  expect(board.waitMs(route)).toBe(0);
  expect(board.waitMs(sandbox)).toBe(0);
  expect(board.list()).toEqual([]);
});

it('lets a route rest across jobs, and opens one that only the operator can mend', () => {
  fail(route, new GenlockError('upstream_rate_limited', undefined, { retryAfterMs: 9_000 }));
  expect(board.list()).toMatchObject([{ state: 'closed', restForMs: 9_000 }]);
  expect(board.waitMs(route)).toBe(9_000);
  const other = { ...route, model: 'other' };
  fail(other, new GenlockError('model_misconfigured', undefined, { routeDown: true }));
  expect(board.waitMs(other)).toBe(policy.brokenOpenMs / 2);
});

it('takes work that goes on after a crash for no probe', () => {
  fail();
  fail();
  now += 500;
  board.begin(route, 'resumed').succeeded();
  expect(board.list()).toMatchObject([{ state: 'half_open' }]);
});

it('counts one end of a call only', () => {
  const trial = board.begin(route);
  trial.failed(down);
  trial.left();
  trial.succeeded();
  expect(board.list()).toMatchObject([{ calls: 1, failureRatio: 1, inFlight: 0 }]);
});

it('forgets what an operator resets', () => {
  fail();
  fail();
  board.reset(route);
  board.reset({ provider: 'never', model: 'called' });
  expect(board.list()).toEqual([]);
  expect(board.waitMs(route)).toBe(0);
});

it('listens to no call from before the reset', () => {
  const slow = board.begin(route);
  fail();
  fail();
  board.reset(route);
  slow.failed(down);
  expect(board.list()).toMatchObject([{ state: 'closed' }]);
});

it('forgets a provider whose name leads elsewhere, and what its calls under way bring', () => {
  const under = board.begin(route);
  fail();
  fail();
  board.begin(sandbox);
  board.forget(route.provider);
  expect(board.waitMs(route)).toBe(0);
  expect(board.list()).toMatchObject([sandbox]);
  const next = board.begin(route);
  under.failed(new GenlockError('model_misconfigured'));
  expect(board.list()).toContainEqual(expect.objectContaining({ ...route, calls: 0, inFlight: 1 }));
  next.succeeded();
  expect(board.waitMs(route)).toBe(0);
});
