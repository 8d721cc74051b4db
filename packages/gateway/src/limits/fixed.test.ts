import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryLimiter } from './memory.ts';

const START = 1_760_000_000_000;
const claim = { bucket: 'b', perMinute: 3, now: START, kind: 'fixed' } as const;

describe('a fixed window', () => {
  it('opens with the first call, lets so many pass, and ends a minute later', () => {
    const limiter = createMemoryLimiter();
    for (const remaining of [2, 1, 0])
      expect(limiter.take(claim)).toEqual({
        allowed: true,
        limit: 3,
        remaining,
        resetAt: START + 60_000,
        retryAfterMs: 0,
      });
    const late = { ...claim, now: START + 59_999 };
    expect(limiter.take(late)).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 1 });
    const next = { ...claim, now: START + 60_000 };
    expect(limiter.take(next)).toMatchObject({ allowed: true, remaining: 2, resetAt: START + 120_000 });
  });

  it('never lets more pass than its limit between two resets, and keeps its word about the wait', () => {
    const gaps = fc.array(fc.oneof(fc.nat(5), fc.nat(30_000)), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), gaps, (perMinute, list) => {
        const limiter = createMemoryLimiter();
        const passed = new Map<number, number>();
        let now = START;
        for (const gap of list) {
          now += gap;
          const verdict = limiter.take({ ...claim, perMinute, now });
          if (verdict.allowed) passed.set(verdict.resetAt, (passed.get(verdict.resetAt) ?? 0) + 1);
          else {
            expect(verdict.retryAfterMs).toBeGreaterThan(0);
            expect(verdict.retryAfterMs).toBeLessThanOrEqual(60_000);
            expect(limiter.peek({ ...claim, perMinute, now: now + verdict.retryAfterMs }).allowed).toBe(true);
          }
        }
        expect(Math.max(...passed.values())).toBeLessThanOrEqual(perMinute);
      }),
    );
  });

  it('takes a new limit at once', () => {
    const limiter = createMemoryLimiter();
    limiter.take(claim);
    limiter.take(claim);
    expect(limiter.take({ ...claim, perMinute: 1 })).toMatchObject({ allowed: false, remaining: 0 });
    expect(limiter.take({ ...claim, perMinute: 4 })).toMatchObject({ allowed: true, remaining: 1 });
    expect(limiter.take({ ...claim, perMinute: 0 })).toMatchObject({ allowed: false, remaining: 0 });
  });

  it('waits no longer than a minute when the clock goes back', () => {
    const limiter = createMemoryLimiter();
    for (let n = 0; n < 3; n++) limiter.take(claim);
    const back = { ...claim, now: START - 3_600_000 };
    expect(limiter.take(back)).toMatchObject({ allowed: false, retryAfterMs: 60_000 });
  });
});

describe.each(['flow', 'fixed', 'rolling'] as const)('a limit of the kind %s', (kind) => {
  const one = { ...claim, kind };

  it('is looked at without being counted, or kept in memory', () => {
    const limiter = createMemoryLimiter();
    for (let n = 0; n < 5; n++) expect(limiter.peek(one)).toMatchObject({ allowed: true, remaining: 3 });
    expect(limiter.size).toBe(0);
    limiter.take(one);
    expect(limiter.peek(one)).toMatchObject({ remaining: 2 });
    limiter.take(one);
    limiter.take(one);
    expect(limiter.peek(one)).toMatchObject({ allowed: false, remaining: 0 });
    expect(limiter.peek(one).retryAfterMs).toBeGreaterThan(0);
  });

  it('gets back a call that did not count, and never more than it is', () => {
    const limiter = createMemoryLimiter();
    for (let n = 0; n < 3; n++) limiter.take(one);
    expect(limiter.giveBack(one)).toMatchObject({ allowed: true, remaining: 1 });
    expect(limiter.take(one)).toMatchObject({ allowed: true, remaining: 0 });
    for (let n = 0; n < 9; n++) limiter.giveBack(one);
    expect(limiter.peek(one)).toMatchObject({ remaining: 3 });
  });
});
