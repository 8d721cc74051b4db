import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptSummary, chooseRoute, type RouteRow } from './route-choice.ts';

const NOW = 1_760_000_000_000;
const row = (route: string, restMs = 0): RouteRow => ({ route, readyAt: NOW + restMs });
const tried = (...routes: string[]): AttemptSummary[] =>
  routes.map((route) => ({ route, error: 'upstream_failed' }));

describe('chooseRoute', () => {
  it('takes the first in order that is healthy and has tries left', () => {
    const rows = [row('a'), row('b')];
    expect(chooseRoute(rows, [], 2, NOW)).toEqual({ kind: 'use', row: 0 });
    expect(chooseRoute(rows, tried('a', 'a'), 2, NOW)).toEqual({ kind: 'use', row: 1 });
    expect(chooseRoute([row('a', 1), row('b')], [], 2, NOW)).toEqual({ kind: 'use', row: 1 });
    // It has become healthy in the meantime, and has a try left.
    expect(chooseRoute(rows, tried('b', 'a'), 2, NOW)).toEqual({ kind: 'use', row: 0 });
  });

  it('waits for the one that is soonest when none is healthy', () => {
    expect(chooseRoute([row('a', 500), row('b', 200), row('c', 300)], tried('b', 'b'), 2, NOW)).toEqual({
      kind: 'wait',
      row: 2,
      until: NOW + 300,
    });
  });

  it('has nothing when there are no routes, or all are spent', () => {
    expect(chooseRoute([], [], 2, NOW)).toEqual({ kind: 'none' });
    expect(chooseRoute([row('a')], tried('a', 'a'), 2, NOW)).toEqual({ kind: 'none' });
  });

  it('counts attempts at routes that are gone for none of those that are there', () => {
    expect(chooseRoute([row('a')], tried('gone', 'gone', 'a'), 2, NOW)).toEqual({ kind: 'use', row: 0 });
  });

  it('stays with the route that alone knows a call whose fate is unknown', () => {
    const open = { route: 'b', error: 'upstream_failed', open: true } as const;
    expect(chooseRoute([row('a'), row('b')], [open], 2, NOW)).toEqual({ kind: 'use', row: 1 });
    expect(chooseRoute([row('a'), row('b')], [open, ...tried('b')], 2, NOW)).toEqual({ kind: 'none' });
  });

  it('gives every row its tries and no more, whatever stands in the list twice', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 4 }), (routes, perRoute) => {
        const rows = routes.map((route) => row(route));
        const history: AttemptSummary[] = [];
        for (;;) {
          const choice = chooseRoute(rows, history, perRoute, NOW);
          if (choice.kind !== 'use') break;
          history.push(...tried(routes[choice.row] ?? ''));
        }
        expect(history).toHaveLength(routes.length * perRoute);
      }),
    );
  });
});
