import { describe, expect, it } from 'vitest';
import {
  canonicalCodes,
  indexCatalogue,
  rowId,
  skillsVideoCatalogue,
  skillsVideoFamilies,
  skillsVideoPlaces,
  skillsVideoRowsAt,
} from './index.ts';

describe('catalogue skills-video', () => {
  it('can say every canonical error, wherever it is told', () => {
    for (const place of skillsVideoPlaces)
      expect(indexCatalogue(skillsVideoRowsAt(place), 'response', canonicalCodes).size).toBe(
        canonicalCodes.length,
      );
    for (const family of skillsVideoFamilies)
      expect(indexCatalogue(skillsVideoRowsAt(family), 'job', canonicalCodes).size).toBe(
        canonicalCodes.length,
      );
  });

  it('has the 24 codes of generations, the five others, and distinct rows', () => {
    const { rows } = skillsVideoCatalogue;
    expect(new Set(rows.map(({ code }) => code)).size).toBe(29);
    expect(new Set(rows.map(rowId)).size).toBe(rows.length);
    expect(
      rows
        .filter(({ code }) => /^(IMAGE|VIDEO|TTS)_GENERATION_/.test(code))
        .map(({ told }) => told)
        .filter((told) => told === 'response'),
    ).toHaveLength(24);
  });

  it('asks for Retry-After on every 429 and 503, and drops the family from `error` in one case only', () => {
    for (const row of skillsVideoCatalogue.rows) {
      expect(row.retryAfter).toBe(row.status === 429 || row.status === 503);
      expect(row.legacy).toBe(row.code.endsWith('_INSUFFICIENT_CREDITS') ? 'INSUFFICIENT_CREDITS' : row.code);
    }
  });
});
