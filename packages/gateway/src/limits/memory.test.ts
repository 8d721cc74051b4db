import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryLimiter } from './memory.ts';

const START = 1_760_000_000_000;
const rate = fc.integer({ min: 1, max: 100_000 });
/** Pauses before each call, mostly short. */
const pauses = fc.array(fc.oneof(fc.nat(5), fc.nat(2000), fc.nat(200_000)), { minLength: 1, maxLength: 200 });

describe('createMemoryLimiter', () => {
  it('lets a full bucket through at once, and then one per interval', () => {
    const limiter = createMemoryLimiter();
    const take = (now: number) => limiter.take({ bucket: 'b', perMinute: 60, now });
    for (let n = 59; n >= 0; n--)
      expect(take(START)).toEqual({
        allowed: true,
        limit: 60,
        remaining: n,
        resetAt: START + (60 - n) * 1000,
        retryAfterMs: 0,
      });
    expect(take(START)).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 1000 });
    expect(take(START + 400)).toMatchObject({ allowed: false, retryAfterMs: 600 });
    expect(take(START + 1000)).toMatchObject({ allowed: true, remaining: 0 });
    expect(take(START + 1000)).toMatchObject({ allowed: false });
  });

  it('counts each bucket by itself', () => {
    const limiter = createMemoryLimiter();
    const take = (bucket: string) => limiter.take({ bucket, perMinute: 1, now: START }).allowed;
    expect([take('a'), take('a'), take('b'), take('__proto__'), take('__proto__')]).toEqual([
      ...[true, false, true],
      ...[true, false],
    ]);
  });

  it('never lets more through than the bucket and the flow allow, in any window', () => {
    fc.assert(
      fc.property(rate, pauses, (perMinute, gaps) => {
        const limiter = createMemoryLimiter();
        const passed: number[] = [];
        let now = START;
        for (const gap of gaps) {
          now += gap;
          if (limiter.take({ bucket: 'b', perMinute, now }).allowed) passed.push(now);
        }
        for (let from = 0; from < passed.length; from++)
          for (let to = from; to < passed.length; to++) {
            const window = (passed[to] ?? 0) - (passed[from] ?? 0);
            if (to - from + 1 > perMinute + (window * perMinute) / 60_000) return false;
          }
        return true;
      }),
    );
  });

  it('keeps its word: after retryAfterMs the call passes, and a millisecond earlier it does not', () => {
    fc.assert(
      fc.property(rate, pauses, (perMinute, gaps) => {
        const limiter = createMemoryLimiter();
        let now = START;
        // Empties the bucket first, so that refusals are frequent at any rate.
        while (limiter.take({ bucket: 'b', perMinute, now }).allowed);
        for (const gap of gaps) {
          now += gap % 7;
          const verdict = limiter.take({ bucket: 'b', perMinute, now });
          expect(verdict.remaining).toBeGreaterThanOrEqual(0);
          expect(Number.isInteger(verdict.retryAfterMs)).toBe(true);
          if (verdict.allowed) {
            expect(verdict.retryAfterMs).toBe(0);
            continue;
          }
          expect(verdict.retryAfterMs).toBeGreaterThan(0);
          if (verdict.retryAfterMs > 1) {
            const early = limiter.take({ bucket: 'b', perMinute, now: now + verdict.retryAfterMs - 1 });
            expect(early).toMatchObject({ allowed: false, retryAfterMs: 1 });
          }
          now += verdict.retryAfterMs;
          expect(limiter.take({ bucket: 'b', perMinute, now }).allowed).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is full at resetAt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), fc.nat(1000), (perMinute, calls, gap) => {
        const limiter = createMemoryLimiter();
        let verdict = limiter.take({ bucket: 'b', perMinute, now: START });
        for (let n = 0; n < calls; n++)
          verdict = limiter.take({ bucket: 'b', perMinute, now: START + (n === 0 ? 0 : gap) });
        const after = limiter.take({ bucket: 'b', perMinute, now: verdict.resetAt });
        expect(after.remaining).toBe(perMinute - 1);
      }),
    );
  });

  it('takes a new limit at once', () => {
    const limiter = createMemoryLimiter();
    const take = (perMinute: number, now = START) => limiter.take({ bucket: 'b', perMinute, now });
    expect(take(1).remaining).toBe(0);
    expect(take(1).allowed).toBe(false);
    expect(take(100)).toMatchObject({ allowed: true, limit: 100, remaining: 98 });
    expect(take(10)).toMatchObject({ limit: 10, remaining: 9 });
    expect(take(1000)).toMatchObject({ limit: 1000, remaining: 998 });
    expect(take(0)).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 60_000 });
    // An unknown bucket is full, just like a forgotten one.
    expect(take(60, START + 1600)).toMatchObject({ allowed: true, remaining: 59 });
  });

  it('adds and takes nothing when the clock goes back', () => {
    const limiter = createMemoryLimiter();
    const take = (now: number) => limiter.take({ bucket: 'b', perMinute: 2, now });
    take(START);
    take(START);
    const verdict = take(START - 5000);
    expect(verdict).toMatchObject({ allowed: false, retryAfterMs: 30_000 });
    expect(take(START - 5000 + verdict.retryAfterMs).allowed).toBe(true);
  });

  it('keeps nobody out, and no bucket in memory, for as long as the clock goes back', () => {
    const limiter = createMemoryLimiter();
    const take = (bucket: string, now: number) => limiter.take({ bucket, perMinute: 2, now });
    take('a', START);
    take('a', START);
    const back = START - 3_600_000;
    expect(take('a', back)).toMatchObject({ allowed: false, retryAfterMs: 30_000, resetAt: back + 60_000 });
    expect(take('a', back + 30_000).allowed).toBe(true);
    take('b', back + 60_000);
    take('b', back + 120_000);
    expect(limiter.size).toBe(1);
  });

  it('forgets nothing that matters: verdicts equal those of a bucket that is kept for ever', () => {
    const names = fc.constantFrom('a', 'b', 'c');
    const calls = fc.array(fc.tuple(names, fc.oneof(fc.nat(100), fc.nat(150_000))), { maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), calls, (perMinute, list) => {
        const limiter = createMemoryLimiter();
        const model = new Map<string, { tokens: number; at: number }>();
        let now = START;
        for (const [bucket, gap] of list) {
          now += gap;
          const { tokens, at } = model.get(bucket) ?? { tokens: perMinute * 60_000, at: now };
          const level = Math.min(perMinute * 60_000, tokens + (now - at) * perMinute);
          const allowed = level >= 60_000;
          model.set(bucket, { tokens: allowed ? level - 60_000 : level, at: now });
          expect(limiter.take({ bucket, perMinute, now }).allowed).toBe(allowed);
        }
      }),
    );
  });

  it('holds a bounded number of buckets', () => {
    const limiter = createMemoryLimiter({ maxBuckets: 1000 });
    for (let n = 0; n < 10_000; n++) {
      limiter.take({ bucket: `flood:${n}`, perMinute: 10, now: START + n });
      expect(limiter.size).toBeLessThanOrEqual(1000);
    }
  });

  it('lets idle buckets go', () => {
    const limiter = createMemoryLimiter();
    for (let n = 0; n < 1000; n++) limiter.take({ bucket: `b:${n}`, perMinute: 10, now: START });
    expect(limiter.size).toBe(1000);
    for (let minute = 1; minute <= 3; minute++)
      limiter.take({ bucket: 'alive', perMinute: 10, now: START + minute * 60_000 });
    expect(limiter.size).toBe(1);
  });
});
