import { expect, it } from 'vitest';
import { fatesOf } from './fates.ts';
import { seeded } from './random.ts';
import { playRound } from './round.ts';
import { isClean, renderRound } from './table.ts';

it('keeps every promise while it is killed, lied to and not listened to', { timeout: 180_000 }, async () => {
  const round = await playRound({ seed: 7, orders: 55, kills: 4, concurrency: 12 });
  expect(isClean(round), renderRound(round)).toBe(true);
  expect(round.kills).toBe(4);
});

it('plays the same round again from the same seed', () => {
  const fates = (seed: number) => Array.from({ length: 50 }, (_, n) => fatesOf(seeded(seed), `order ${n}`));
  expect(fates(1)).toEqual(fates(1));
  expect(fates(1)).not.toEqual(fates(2));
});
