import { expect, test } from 'vitest';
import { randomFrom } from './random.ts';
import { pick, type SamplingOptions } from './sampling.ts';

const CANDIDATES = [
  { token: 1, weight: 1 },
  { token: 2, weight: 6 },
  { token: 3, weight: 3 },
];

/** The share of each token in many picks. */
function shares(options: SamplingOptions): number[] {
  const random = randomFrom(1);
  const picks = Array.from({ length: 4_000 }, () => pick(CANDIDATES, options, random));
  return [1, 2, 3].map((token) => picks.filter((picked) => picked === token).length / picks.length);
}

test('temperature 1 keeps the shares, lower sharpens, higher flattens', () => {
  const [rare = 0, often = 0, middle = 0] = shares({ temperature: 1 });
  expect([rare, often, middle].map((share) => Math.round(share * 10))).toEqual([1, 6, 3]);
  expect(shares({ temperature: 0.3 })[1]).toBeGreaterThan(0.85);
  expect(shares({ temperature: 5 })[0]).toBeGreaterThan(0.2);
});

test('temperature 0 and almost 0 take the likeliest', () => {
  for (const temperature of [0, -1, Number.NaN, 1e-9]) expect(shares({ temperature })).toEqual([0, 1, 0]);
});

test('topK and topP leave the tail out', () => {
  expect(shares({ temperature: 1, topK: 1 })).toEqual([0, 1, 0]);
  expect(shares({ temperature: 1, topK: 2 })[0]).toBe(0);
  expect(shares({ temperature: 1, topP: 0.5 })).toEqual([0, 1, 0]);
  expect(shares({ temperature: 1, topP: 0.85 })[0]).toBe(0);
  expect(shares({ temperature: 1, topP: 0 })).toEqual([0, 1, 0]);
  expect(shares({ temperature: 1, topP: 1, topK: 0 })).toEqual([0, 1, 0]);
});

test('nothing to pick from', () => expect(pick([], { temperature: 1 }, () => 0)).toBeUndefined());
