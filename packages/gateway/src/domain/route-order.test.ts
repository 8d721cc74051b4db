import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderRoutes, routeName, type WeightedRoute } from './route-order.ts';

const route = fc.record(
  {
    provider: fc.constantFrom('a', 'b', 'c'),
    model: fc.constantFrom('m', 'n'),
    weight: fc.integer({ min: 0, max: 1000 }),
  },
  { requiredKeys: ['provider', 'model'] },
);
const named = (provider: string, weight?: number): WeightedRoute => ({
  provider,
  model: 'm',
  ...(weight !== undefined && { weight }),
});
const DRAWS = Array.from({ length: 20_000 }, (_, index) => `gen_${index}`);

/** How often each order comes up, as a share of all draws. */
function shares(routes: readonly WeightedRoute[]): (order: string) => number {
  const counts = new Map<string, number>();
  for (const draw of DRAWS) {
    const order = orderRoutes(routes, draw)
      .map(({ provider }) => provider)
      .join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  return (start) =>
    [...counts].reduce((sum, [order, count]) => sum + (order.startsWith(start) ? count : 0), 0) /
    DRAWS.length;
}

describe('orderRoutes', () => {
  it('keeps the order of a list without weights', () => {
    fc.assert(
      fc.property(
        fc.array(route.map(({ weight: _, ...plain }) => plain)),
        fc.string(),
        (routes, draw) => orderRoutes(routes, draw) === routes,
      ),
    );
  });

  it('tries every row once, rows that are there twice too, and draws the same again', () => {
    fc.assert(
      fc.property(fc.array(route), fc.string(), (routes, draw) => {
        const ordered = orderRoutes(routes, draw);
        expect([...ordered].sort(byIndexIn(routes))).toEqual(routes);
        expect(orderRoutes(routes, draw)).toEqual(ordered);
      }),
    );
  });

  it('draws the first by weight, and the rest by weight among those left', () => {
    const share = shares([named('a', 70), named('b', 20), named('c', 10)]);
    expect(share('a')).toBeCloseTo(0.7, 1.5);
    expect(share('b')).toBeCloseTo(0.2, 1.5);
    expect(share('c')).toBeCloseTo(0.1, 1.5);
    expect(share('ab') / share('a')).toBeCloseTo(2 / 3, 1.5);
    expect(share('cb') / share('c')).toBeCloseTo(2 / 9, 1);
  });

  it('keeps a weight of 0 for the end, and counts a row without one as 1', () => {
    const share = shares([named('a', 0), named('b'), named('c', 3)]);
    expect(share('a')).toBe(0);
    expect(share('b')).toBeCloseTo(0.25, 1.5);
    expect(share('cba') + share('bca')).toBe(1);
  });

  it('leaves the order of the others when a route goes', () => {
    const all = [named('a', 5), named('b', 3), named('c', 2)];
    for (const draw of DRAWS.slice(0, 500)) {
      const without = orderRoutes(all, draw).filter(({ provider }) => provider !== 'b');
      expect(orderRoutes([named('a', 5), named('c', 2)], draw)).toEqual(without);
    }
  });
});

it('names a route as it is written', () => {
  expect(routeName({ provider: 'openai', model: 'acme/gpt' })).toBe('openai/acme/gpt');
});

function byIndexIn(routes: readonly WeightedRoute[]) {
  return (a: WeightedRoute, b: WeightedRoute) => routes.indexOf(a) - routes.indexOf(b);
}
