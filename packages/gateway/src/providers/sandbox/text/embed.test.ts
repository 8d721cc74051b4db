import { describe, expect, it } from 'vitest';
import { embed } from './embed.ts';

const dot = (a: number[], b: number[]) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

describe('embed', () => {
  it('gives vectors of length one, the same for the same text', () => {
    const vector = embed('A red mug on oak.', 256);
    expect(vector).toHaveLength(256);
    expect(dot(vector, vector)).toBeCloseTo(1, 4);
    expect(embed('A red mug on oak.', 256)).toEqual(vector);
  });

  it('puts texts that share words closer together', () => {
    const mug = embed('a red mug on oak', 512);
    expect(dot(mug, embed('the red mug stands on oak', 512))).toBeGreaterThan(
      dot(mug, embed('quarterly tax returns of municipal utilities', 512)) + 0.3,
    );
  });

  it('is finite for a text without words', () => {
    expect(embed('', 4)).toEqual([0, 0, 0, 0]);
  });
});
