import type { CanonicalCode, Retry } from './canonical.ts';

/** Where an error reaches the caller: in the answer to a request, or in a job that was accepted. */
export type Told = 'response' | 'job';

/** One row of a dialect's error table. The server renders from it, clients parse with it, and tests and docs list it. */
export interface CatalogueRow<Code extends string = string> {
  readonly code: Code;
  /** HTTP status; null if the error only occurs inside a job. */
  readonly status: number | null;
  readonly told: Told;
  /** The canonical errors that become this row. For each `told`, a canonical error is in exactly one row. */
  readonly canonical: readonly CanonicalCode[];
  readonly retry: Retry;
  /** Whether the answer carries a Retry-After header. */
  readonly retryAfter: boolean;
  /** When it occurs, in one line. */
  readonly when: string;
}

export interface Catalogue<Code extends string = string> {
  readonly dialect: string;
  /** The contract section that the table comes from. */
  readonly source: string;
  readonly rows: readonly CatalogueRow<Code>[];
}

/** A stable name for a row, e.g. `service_unavailable@502`. Tests use it to say which row they provoke. */
export function rowId(row: CatalogueRow): string {
  return `${row.code}@${row.status ?? row.told}`;
}

/**
 * Maps each canonical error to its row in a dialect, keeping the row's own type.
 *
 * @throws Error if, for this `told`, the table has a canonical error twice or not at all: a dialect that cannot express an error must not
 * start
 */
export function indexCatalogue<Row extends CatalogueRow>(
  catalogue: Catalogue & { readonly rows: readonly Row[] },
  told: Told,
  codes: readonly CanonicalCode[],
): ReadonlyMap<CanonicalCode, Row> {
  const index = new Map<CanonicalCode, Row>();
  for (const row of catalogue.rows) {
    if (row.told !== told) continue;
    for (const code of row.canonical) {
      if (index.has(code)) throw new Error(`${catalogue.dialect}: ${code} stands in two rows`);
      index.set(code, row);
    }
  }
  const missing = codes.filter((code) => !index.has(code));
  if (missing.length > 0) throw new Error(`${catalogue.dialect}: no row for ${missing.join(', ')}`);
  return index;
}
