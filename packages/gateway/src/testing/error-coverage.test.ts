import { kiaraCatalogue } from '@genlock/contracts';
import { describe, expect, it } from 'vitest';
import { dialectModules } from '../dialects/index.ts';
import { dialectTests, errorCoverage } from './error-coverage.ts';

describe('error coverage', () => {
  it('is whole: every row of every table is provoked over HTTP by its real cause', () => {
    const catalogues = dialectModules.map(({ catalogue }) => catalogue);
    expect(errorCoverage(catalogues, dialectTests())).toEqual({ missing: [], unknown: [] });
  });

  it('finds rows that no test provokes, and names that are no row', () => {
    const sources = [
      "provokes('kiara', 'not_found@404', 'x', f)",
      "provokes(\n  'kiara',\n  'nope@400', 'x', f)",
    ];
    const { missing, unknown } = errorCoverage([kiaraCatalogue], sources);
    expect(missing).toHaveLength(kiaraCatalogue.rows.length - 1);
    expect(missing).not.toContain('kiara not_found@404');
    expect(unknown).toEqual(['kiara nope@400']);
  });
});
