import { describe, expect, it } from 'vitest';
import { collectCost, collectWeight, describeRoute, withSettings } from './route-settings.ts';

describe('a weight', () => {
  it.each([
    ['openai/gpt-image-1=3', 'openai/gpt-image-1', 3],
    ['up/a=b=0', 'up/a=b', 0],
    ['up/a/b=1000', 'up/a/b', 1000],
    ['up/a=none', 'up/a', undefined],
  ])('is read from %s', (text, route, value) => {
    expect(collectWeight(text)).toEqual([{ route, value }]);
  });

  it.each(['up/a', 'up=3', '=3', '/a=3', 'up/a=', 'up/a=1001', 'up/a=-1', 'up/a=1.5', 'up/a=x'])(
    'is not %s',
    (text) => {
      expect(() => collectWeight(text)).toThrow();
    },
  );
});

describe('a cost', () => {
  it.each([
    ['up/a=0.04/image', { unit: 'image', usd: '0.04' }],
    ['up/a=2/call', { unit: 'call', usd: '2' }],
    ['up/a=0.6/token', { unit: 'token', usd: '0.6' }],
    ['up/a=0.15:0.60/token', { unit: 'token', usd: '0.15', output_usd: '0.60' }],
    ['up/a=none', undefined],
  ])('is read from %s', (text, value) => {
    expect(collectCost(text)).toEqual([{ route: 'up/a', value }]);
  });

  it.each(['up/a=0.04', 'up/a=0.04/day', 'up/a=$1/call', 'up/a=1:2/image', 'up/a=/call', 'up/a'])(
    'is not %s',
    (text) => {
      expect(() => collectCost(text)).toThrow();
    },
  );
});

it('changes the routes that are named, and what is named of them', () => {
  const one = { provider: 'a', model: 'x', weight: 1, cost: { unit: 'call', usd: '1' } };
  const two = { provider: 'b', model: 'y/z' };
  const weights = [...collectWeight('a/x=none'), ...collectWeight('b/y/z=2'), ...collectWeight('b/y/z=5')];
  expect(withSettings([one, two], weights, [])).toEqual([
    { provider: 'a', model: 'x', cost: one.cost },
    { ...two, weight: 5 },
  ]);
  expect(withSettings([one, two], [], collectCost('a/x=none'))).toEqual([
    { provider: 'a', model: 'x', weight: 1 },
    two,
  ]);
  expect(() => withSettings([two], collectWeight('a/x=1'), [])).toThrow(
    'the model has no route a/x; it has b/y/z',
  );
});

it('is told in words', () => {
  const route = { provider: 'a', model: 'x' };
  expect(describeRoute(route)).toBe('a/x');
  expect(describeRoute({ ...route, weight: 0, cost: { unit: 'image', usd: '0.04' } })).toBe(
    'a/x (weight 0, costs $0.04 per image)',
  );
  expect(describeRoute({ ...route, cost: { unit: 'token', usd: '1', output_usd: '2' } })).toBe(
    'a/x (costs $1 in, $2 out per million tokens)',
  );
});
