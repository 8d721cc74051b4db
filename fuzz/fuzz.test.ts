import { expect, it } from 'vitest';
import { playRound } from './round.ts';
import { isClean, renderRound } from './table.ts';

it('finds nothing in a short round', { timeout: 120_000 }, async () => {
  const round = await playRound({ seed: 7, requests: 1_500, concurrency: 16 });
  expect(isClean(round), renderRound(round)).toBe(true);
  expect(round.requests).toBe(1_500);
});
