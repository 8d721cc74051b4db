import { describe, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { createMemoryLimiter } from './memory.ts';
import type { LimitClaim, Limiter } from './port.ts';
import { type UnreachableChoice, withChoice } from './when-unreachable.ts';

const claim: LimitClaim = {
  bucket: 'b',
  perMinute: 60,
  now: 1_760_000_000_000,
  of: { dialect: 'd', limit: 'l' },
};
const METHODS = ['take', 'peek', 'giveBack'] as const;

const broken = (error: unknown): Limiter => {
  const fail = () => Promise.reject(error);
  return { take: fail, peek: fail, giveBack: fail, close: async () => {} };
};
const throwing = (error: unknown): Limiter => {
  const fail = () => {
    throw error;
  };
  return { take: fail, peek: fail, giveBack: fail, close: async () => {} };
};

function chosen(limiter: Limiter, choice: UnreachableChoice) {
  const told: [string | undefined, UnreachableChoice][] = [];
  const parts = {
    choiceOf: () => choice,
    tell: ({ of }: LimitClaim, how: UnreachableChoice) => told.push([of?.limit, how]),
  };
  return { limiter: withChoice(limiter, parts), told };
}

describe('a limiter that cannot be reached', () => {
  const down = new GenlockError('limiter_unavailable');

  it.each(METHODS)('refuses to %s, unless it was told to let through', async (method) => {
    for (const limiter of [broken(down), throwing(down)]) {
      const refusing = chosen(limiter, 'refuse');
      await expect(async () => refusing.limiter[method](claim)).rejects.toMatchObject({
        code: 'limiter_unavailable',
      });
      expect(refusing.told).toEqual([['l', 'refuse']]);
      const allowing = chosen(limiter, 'allow');
      expect(await allowing.limiter[method](claim)).toEqual({
        allowed: true,
        limit: 60,
        remaining: 59,
        resetAt: claim.now + 60_000,
        retryAfterMs: 0,
      });
      expect(allowing.told).toEqual([['l', 'allow']]);
    }
  });

  it('is told in our words, whatever broke', async () => {
    const { limiter } = chosen(broken(new Error('ECONNREFUSED redis:6379')), 'refuse');
    await expect(limiter.take(claim)).rejects.toMatchObject({
      code: 'limiter_unavailable',
      message: 'The rate limiter cannot be reached.',
    });
  });

  it('opens nothing that is closed', async () => {
    const { limiter } = chosen(throwing(down), 'allow');
    expect(() => limiter.take({ ...claim, perMinute: 0 })).toThrow(GenlockError);
  });
});

it('leaves a limiter that answers as it is: plain, and counting', () => {
  const { limiter, told } = chosen(createMemoryLimiter(), 'allow');
  expect(limiter.take({ ...claim, perMinute: 1 })).toMatchObject({ allowed: true, remaining: 0 });
  expect(limiter.peek({ ...claim, perMinute: 1 })).toMatchObject({ allowed: false });
  expect(limiter.take({ ...claim, perMinute: 1 })).toMatchObject({ allowed: false });
  expect(limiter.giveBack({ ...claim, perMinute: 1 })).toMatchObject({ allowed: true });
  expect(told).toEqual([]);
});
