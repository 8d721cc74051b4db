import { describe, expect, it } from 'vitest';
import { canBecome, isTerminal, STATUSES } from './generation.ts';

describe('the generation state machine', () => {
  it('lets nothing out of a terminal state and nothing back into the queue', () => {
    for (const from of STATUSES) {
      expect(canBecome(from, from)).toBe(false);
      expect(canBecome(from, 'queued')).toBe(false);
      if (isTerminal(from)) expect(STATUSES.filter((to) => canBecome(from, to))).toEqual([]);
    }
  });

  it('can end from everywhere that is not an end', () => {
    for (const from of STATUSES.filter((s) => !isTerminal(s))) {
      expect(canBecome(from, 'failed')).toBe(true);
      expect(canBecome(from, 'canceled')).toBe(true);
    }
  });
});
