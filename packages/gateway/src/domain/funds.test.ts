import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, resolveHold, subtract, take, total } from './funds.ts';

const micros = fc.integer({ min: 0, max: 10 ** 12 });
const funds = fc.record({ subscription: micros, permanent: micros });

describe('take', () => {
  it('takes exactly the amount, subscription first, or nothing at all', () => {
    fc.assert(
      fc.property(funds, micros, (from, amount) => {
        const taken = take(from, amount);
        if (total(from) < amount) return taken === undefined;
        if (taken === undefined) return false;
        const left = subtract(from, taken);
        return (
          total(taken) === amount &&
          left.subscription >= 0 &&
          left.permanent >= 0 &&
          (taken.permanent === 0 || left.subscription === 0)
        );
      }),
    );
  });
});

describe('resolveHold', () => {
  it('captures the charge but never more than was held, and gives each bucket back exactly the rest', () => {
    fc.assert(
      fc.property(funds, micros, (held, charge) => {
        const { captured, released } = resolveHold(held, charge);
        expect(add(captured, released)).toEqual(held);
        expect(total(captured)).toBe(Math.min(charge, total(held)));
        expect(
          Math.min(captured.subscription, captured.permanent, released.subscription, released.permanent),
        ).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
