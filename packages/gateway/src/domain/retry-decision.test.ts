import { canonicalCodes } from '@genlock/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptSummary, decideRetry, type RetryPolicy } from './retry-decision.ts';

const policy: RetryPolicy = { maxAttempts: 4, attemptsPerRoute: 2, baseDelayMs: 100, maxDelayMs: 1000 };
const safe = { safeToResend: true };
const paid = { safeToResend: false };
const at = (...routes: number[]): AttemptSummary[] =>
  routes.map((route) => ({ route, error: 'upstream_failed' }));

describe('decideRetry', () => {
  it('tries the same route, then the next, then gives up', () => {
    const failure = { error: 'upstream_failed', ambiguous: false } as const;
    expect(decideRetry(failure, at(0), 2, paid, policy, 1).kind).toBe('retry_same');
    expect(decideRetry(failure, at(0, 0), 2, paid, policy, 1).kind).toBe('next_route');
    expect(decideRetry(failure, at(0, 0, 1), 2, paid, policy, 1).kind).toBe('retry_same');
    expect(decideRetry(failure, at(0, 0, 1, 1), 2, paid, policy, 1)).toEqual({
      kind: 'fail',
      error: 'upstream_failed',
    });
  });

  it('never resends a paid call whose fate is unknown', () => {
    fc.assert(
      fc.property(fc.constantFrom(...canonicalCodes), fc.integer({ min: 1, max: 3 }), (error, tries) => {
        const decision = decideRetry(
          { error, ambiguous: true },
          at(...Array(tries).fill(0)),
          3,
          paid,
          policy,
          0.5,
        );
        return decision.kind === 'fail' && decision.error === 'outcome_unknown';
      }),
    );
  });

  it('never orders anew what a paid provider has done', () => {
    const failure = { error: 'upstream_invalid_result', ambiguous: false, done: true } as const;
    expect(decideRetry(failure, at(0), 3, paid, policy, 0)).toEqual({ kind: 'fail', error: failure.error });
    expect(decideRetry(failure, at(0), 3, safe, policy, 0).kind).toBe('retry_same');
  });

  it('resends an ambiguous call to a provider where that costs nothing', () => {
    expect(decideRetry({ error: 'upstream_failed', ambiguous: true }, at(0), 1, safe, policy, 0).kind).toBe(
      'retry_same',
    );
  });

  it('does not retry what the caller has to mend', () => {
    for (const error of ['content_rejected', 'invalid_parameter', 'media_unreadable'] as const) {
      expect(decideRetry({ error, ambiguous: false }, at(0), 2, safe, policy, 0)).toEqual({
        kind: 'fail',
        error,
      });
    }
  });

  it('leaves a misconfigured route at once', () => {
    const failure = { error: 'model_misconfigured', ambiguous: false } as const;
    expect(decideRetry(failure, at(0), 2, paid, policy, 0)).toEqual({ kind: 'next_route', delayMs: 0 });
    expect(decideRetry(failure, at(0), 1, paid, policy, 0).kind).toBe('fail');
  });

  it('waits as long as a rate-limiting provider asks, within the ceiling', () => {
    const failure = { error: 'upstream_rate_limited', ambiguous: false, retryAfterMs: 700 } as const;
    expect(decideRetry(failure, at(0), 1, paid, policy, 0)).toEqual({ kind: 'retry_same', delayMs: 700 });
  });

  it('always ends: attempts never pass the ceiling and delays stay bounded', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...canonicalCodes),
        fc.nat(5),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (error, routes, random) => {
          const history: AttemptSummary[] = [];
          let route = 0;
          for (;;) {
            history.push({ route, error });
            const decision = decideRetry({ error, ambiguous: false }, history, routes, paid, policy, random);
            if (decision.kind === 'fail') break;
            expect(decision.delayMs).toBeLessThanOrEqual(policy.maxDelayMs * 2);
            if (decision.kind === 'next_route') route += 1;
          }
          return history.length <= policy.maxAttempts;
        },
      ),
    );
  });
});
