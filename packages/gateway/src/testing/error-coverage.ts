import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, rowId } from '@genlock/contracts';

export interface Coverage {
  /** `<dialect> <row>` for each row that no test provokes. */
  readonly missing: readonly string[];
  /** Rows that tests name and no table has: a typing mistake, or a row that was taken out. */
  readonly unknown: readonly string[];
}

const CALL = /\bprovokes\(\s*'([^']+)',\s*'([^']+)'/g;

/** Which rows of the tables are provoked, and which are not, by the `provokes('<dialect>', '<row>', …)` calls in test sources. */
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

/** The sources of all tests of the dialects. */
export function dialectTests(): readonly string[] {
  const folder = join(import.meta.dirname, '../dialects');
  return globSync('**/*.test.ts', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
}
