import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, rowId } from '@genlock/contracts';

export interface Coverage {
  /** `<dialect> <row>` for each row that no test provokes. */
  readonly missing: readonly string[];
  /** Rows that tests name and that no table has: a typing error, or a row that was removed. */
  readonly unknown: readonly string[];
}

const CALL = /\bprovokes\(\s*'([^']+)',\s*'([^']+)'/g;

/** Finds which rows of the tables are provoked by the `provokes('<dialect>', '<row>', …)` calls in test sources. */
export function errorCoverage(catalogues: readonly Catalogue[], sources: readonly string[]): Coverage {
  const known = new Set(
    catalogues.flatMap(({ dialect, rows }) => rows.map((row) => `${dialect} ${rowId(row)}`)),
  );
  const provoked = new Set(
    sources.flatMap((source) => [...source.matchAll(CALL)].map(([, dialect, row]) => `${dialect} ${row}`)),
  );
  return {
    missing: [...known].filter((row) => !provoked.has(row)),
    unknown: [...provoked].filter((row) => !known.has(row)),
  };
}

/** The sources of all tests of dialects. */
export function dialectTests(): readonly string[] {
  const folder = join(import.meta.dirname, '../dialects');
  return globSync('**/*.test.ts', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
}
