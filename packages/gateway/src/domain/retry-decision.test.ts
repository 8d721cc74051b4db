import { canonicalCodes } from '@genlock/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideRetry,
  type Failure,
  type ProviderTraits,
  type RetryPolicy,
  type Situation,
  spread,
} from './retry-decision.ts';
import { type AttemptSummary, ROUTE_FAULTS, type RouteRow } from './route-choice.ts';

const NOW = 1_760_000_000_000;
const policy: RetryPolicy = { maxAttempts: 4, attemptsPerRoute: 2, baseDelayMs: 100, maxDelayMs: 1000 };
const free: ProviderTraits = { safeToResend: true, free: true };
const keyed: ProviderTraits = { safeToResend: true };
const paid: ProviderTraits = { safeToResend: false };
const failed: Failure = { error: 'upstream_failed', ambiguous: false };

const at = (...routes: string[]): AttemptSummary[] =>
  routes.map((route) => ({ route, error: 'upstream_failed' }));
const ready = (...routes: string[]): RouteRow[] => routes.map((route) => ({ route, readyAt: 0 }));
const decide = (changes: Partial<Situation>) =>
  decideRetry({
    failure: failed,
    history: at('a'),
    rows: ready('a', 'b'),
    provider: paid,
    policy,
    now: NOW,
    deadlineAt: NOW + 600_000,
    random: 1,
    ...changes,
  });

describe('decideRetry', () => {
  it('tries the same route, then the next at once, then gives up', () => {
    expect(decide({})).toEqual({ kind: 'retry_same', delayMs: 100 });
    expect(decide({ history: at('a', 'a') })).toEqual({ kind: 'next_route', delayMs: 0 });
    expect(decide({ history: at('a', 'a', 'b') })).toEqual({ kind: 'retry_same', delayMs: 400 });
    expect(decide({ history: at('a', 'a', 'b', 'b') })).toEqual({ kind: 'fail', error: 'upstream_failed' });
  });

  it('counts no attempt that the end of a process broke off: neither for the ceilings nor for the wait', () => {
    const broken: AttemptSummary[] = at('a', 'a', 'a', 'a', 'a').map((one) => ({ ...one, brokenOff: true }));
    expect(decide({ history: [...broken, ...at('a')] })).toEqual(decide({}));
    expect(decide({ history: [...at('a'), ...broken, ...at('a')] }).kind).toBe('next_route');
    expect(decide({ history: [...broken, ...at('a', 'a', 'b', 'b')] }).kind).toBe('fail');
  });

  it('never resends a paid call whose fate is unknown', () => {
    fc.assert(
      fc.property(fc.constantFrom(...canonicalCodes), fc.integer({ min: 1, max: 3 }), (error, tries) => {
        const history = at(...Array(tries).fill('a'));
        const decision = decide({ failure: { error, ambiguous: true }, history });
        return decision.kind === 'fail' && decision.error === 'outcome_unknown';
      }),
    );
  });

  it('never orders anew what a provider has done and wants its money for', () => {
    const failure = { error: 'upstream_invalid_result', ambiguous: false, done: true } as const;
    for (const provider of [paid, keyed])
      expect(decide({ failure, provider })).toEqual({ kind: 'fail', error: failure.error });
    expect(decide({ failure, provider: free }).kind).toBe('retry_same');
  });

  it('resends an ambiguous call where the key makes that safe, and goes nowhere else with it', () => {
    const failure = { error: 'upstream_failed', ambiguous: true } as const;
    const open = { route: 'a', error: 'upstream_failed', open: true } as const;
    expect(decide({ failure, history: [open], provider: keyed }).kind).toBe('retry_same');
    expect(decide({ failure, history: [open, open], provider: keyed })).toEqual({
      kind: 'fail',
      error: 'outcome_unknown',
    });
    // What came after it does not make its fate known.
    expect(decide({ history: [open, ...at('a')], provider: keyed })).toEqual({
      kind: 'fail',
      error: 'outcome_unknown',
    });
    expect(decide({ failure, history: at('a', 'a'), provider: free }).kind).toBe('next_route');
  });

  it('tells of a lost call before it tells of the set-up, but not before what the caller has to mend', () => {
    const history = (error: Failure['error']) => [
      { route: 'a', error: 'upstream_failed', open: true } as const,
      { route: 'a', error },
    ];
    const last = (error: Failure['error']) =>
      decide({ failure: { error, ambiguous: false }, history: history(error), provider: keyed });
    expect(last('model_misconfigured')).toEqual({ kind: 'fail', error: 'outcome_unknown' });
    expect(last('content_rejected')).toEqual({ kind: 'fail', error: 'content_rejected' });
  });

  it('does not retry what the caller has to mend', () => {
    for (const error of ['content_rejected', 'invalid_parameter', 'media_unreadable'] as const)
      expect(decide({ failure: { error, ambiguous: false }, provider: free })).toEqual({
        kind: 'fail',
        error,
      });
  });

  it.each(ROUTE_FAULTS)('leaves a route with %s at once, in all its rows', (error) => {
    const failure = { error, ambiguous: false } as const;
    const history = [{ route: 'a', error }];
    expect(decide({ failure, history, rows: ready('a', 'a', 'b') })).toEqual({
      kind: 'next_route',
      delayMs: 0,
    });
    expect(decide({ failure, history, rows: ready('a', 'a') })).toEqual({ kind: 'fail', error });
  });

  it('gives a route that stands in two rows the tries of two', () => {
    expect(decide({ history: at('a', 'a', 'b', 'b'), rows: ready('a', 'b', 'a') })).toMatchObject({
      kind: 'fail',
    });
    const more = { ...policy, maxAttempts: 10 };
    const rows = ready('a', 'b', 'a');
    const kinds = [at('a', 'a'), at('a', 'a', 'b', 'b'), at('a', 'a', 'b', 'b', 'a', 'a')].map(
      (history) => decide({ history, rows, policy: more }).kind,
    );
    expect(kinds).toEqual(['next_route', 'next_route', 'fail']);
  });

  it('waits as long as a rate-limiting provider asks, within the ceiling', () => {
    const failure = { error: 'upstream_rate_limited', ambiguous: false, retryAfterMs: 700 } as const;
    expect(decide({ failure, rows: ready('a'), random: 0 })).toEqual({ kind: 'retry_same', delayMs: 700 });
  });

  it('goes to another route at once while this one rests, and waits when all of them rest', () => {
    const rests = (route: string, ms: number): RouteRow => ({ route, readyAt: NOW + ms });
    expect(decide({ rows: [rests('a', 5_000), ...ready('b')] })).toEqual({ kind: 'next_route', delayMs: 0 });
    expect(decide({ rows: [rests('a', 5_000), rests('b', 3_000)], random: 0 })).toEqual({
      kind: 'next_route',
      delayMs: 3_000,
    });
    expect(decide({ rows: [rests('a', 5_000)], random: 0 })).toEqual({ kind: 'retry_same', delayMs: 5_000 });
  });

  it('waits for nothing that comes after the deadline', () => {
    const rows: RouteRow[] = [{ route: 'a', readyAt: NOW + 5_000 }];
    expect(decide({ rows, deadlineAt: NOW + 4_000 })).toEqual({ kind: 'fail', error: 'upstream_failed' });
    expect(decide({ deadlineAt: NOW + 100 })).toEqual({ kind: 'fail', error: 'upstream_failed' });
  });

  it('always ends: attempts never pass the ceiling and delays stay bounded', () => {
    const step = fc.record({
      error: fc.constantFrom(...canonicalCodes),
      ambiguous: fc.boolean(),
      done: fc.boolean(),
      provider: fc.constantFrom(free, keyed, paid),
      rests: fc.array(fc.nat(2_000), { minLength: 6, maxLength: 6 }),
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
    });
    const names = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 });
    fc.assert(
      fc.property(names, fc.array(step, { minLength: 12, maxLength: 12 }), (routes, steps) => {
        const history: AttemptSummary[] = [];
        const rowsOf = (rests: readonly number[]): RouteRow[] =>
          routes.map((route, index) => ({ route, readyAt: NOW + (rests[index] ?? 0) }));
        let mayHaveCost = 0;
        for (const { error, ambiguous, done, provider, rests, random } of steps) {
          const open = ambiguous && provider.free !== true;
          history.push({ route: routes[0] ?? 'gone', error, open });
          const before = mayHaveCost;
          if (open || (done && provider.free !== true)) mayHaveCost += 1;
          const failure = { error, ambiguous, done };
          const decision = decide({ failure, history, rows: rowsOf(rests), provider, random });
          if (decision.kind === 'fail') break;
          expect(decision.delayMs).toBeLessThanOrEqual(Math.max(policy.maxDelayMs, spread(2_000, 1)));
          // After a call that may have to be paid, only a call under the same key may follow.
          if (mayHaveCost > before) expect([decision.kind, provider]).toEqual(['retry_same', keyed]);
        }
        expect(history.length).toBeLessThanOrEqual(policy.maxAttempts);
      }),
    );
  });
});
