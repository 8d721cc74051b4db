import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryLimiter } from './memory.ts';

const START = 1_760_000_000_000;
const MINUTE = 60_000;
const claim = { bucket: 'b', perMinute: 3, now: START, kind: 'rolling' } as const;

describe('a rolling window', () => {
  it('gives each call back a minute after it was made', () => {
    const limiter = createMemoryLimiter();
    const at = (seconds: number) => ({ ...claim, now: START + seconds * 1000 });
    expect(limiter.take(at(0))).toEqual({
      allowed: true,
      limit: 3,
      remaining: 2,
      resetAt: START + MINUTE,
      retryAfterMs: 0,
    });
    limiter.take(at(20));
    expect(limiter.take(at(50))).toMatchObject({ remaining: 0, resetAt: START + 110_000 });
    expect(limiter.take(at(59))).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 1000 });
    // A window that opens with its first call would let three pass here, and so six between the seconds 50 and 60.
    expect(limiter.take(at(60))).toMatchObject({ allowed: true, remaining: 0 });
    expect(limiter.take(at(61))).toMatchObject({ allowed: false, retryAfterMs: 19_000 });
    expect(limiter.peek(at(80))).toMatchObject({ allowed: true, remaining: 1 });
    expect(limiter.peek(at(120))).toMatchObject({ remaining: 3, resetAt: START + 120_000 });
  });

  it('lets no more pass than its limit in any minute, and keeps its word about the wait', () => {
    const gaps = fc.array(fc.oneof(fc.nat(5), fc.nat(300), fc.nat(30_000)), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), gaps, (perMinute, list) => {
        const limiter = createMemoryLimiter();
        const passed: number[] = [];
        let now = START;
        for (const gap of list) {
          now += gap;
          const { allowed, retryAfterMs } = limiter.take({ ...claim, perMinute, now });
          if (allowed) passed.push(now);
          else {
            expect(retryAfterMs).toBeGreaterThan(0);
            expect(retryAfterMs).toBeLessThanOrEqual(MINUTE);
            const later = (ms: number) => limiter.peek({ ...claim, perMinute, now: now + ms }).allowed;
            expect([later(retryAfterMs - 1), later(retryAfterMs)]).toEqual([false, true]);
          }
        }
        passed.forEach((time, index) => {
          expect((passed[index + perMinute] ?? Number.POSITIVE_INFINITY) - time).toBeGreaterThanOrEqual(
            MINUTE,
          );
        });
      }),
    );
  });

  it('takes a new limit at once, and tells how long a lowered one takes', () => {
    const limiter = createMemoryLimiter();
    for (const seconds of [0, 10, 20]) limiter.take({ ...claim, now: START + seconds * 1000 });
    const late = { ...claim, now: START + 30_000 };
    expect(limiter.take({ ...late, perMinute: 1 })).toMatchObject({ allowed: false, retryAfterMs: 50_000 });
    expect(limiter.take({ ...late, perMinute: 4 })).toMatchObject({ allowed: true, remaining: 0 });
    expect(limiter.take({ ...late, perMinute: 0 })).toMatchObject({ allowed: false, retryAfterMs: MINUTE });
  });

  it('waits no longer than a minute when the clock goes back', () => {
    const limiter = createMemoryLimiter();
    for (let n = 0; n < 3; n++) limiter.take(claim);
    const back = { ...claim, now: START - 3_600_000 };
    expect(limiter.take(back)).toMatchObject({ allowed: false, retryAfterMs: MINUTE });
    expect(limiter.take({ ...back, now: back.now + MINUTE })).toMatchObject({ allowed: true, remaining: 2 });
  });
});
