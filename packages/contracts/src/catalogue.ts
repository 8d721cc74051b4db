import type { CanonicalCode, Retry } from './canonical.ts';

/** Where an error reaches the caller: in the answer to a request, or in the story of a job that was accepted. */
export type Told = 'response' | 'job';

/** One line of a dialect's error table. The server renders from it, clients parse with it, tests and docs walk it. */
export interface CatalogueRow<Code extends string = string> {
  readonly code: Code;
  /** HTTP status; null where the error is only ever told inside a job. */
  readonly status: number | null;
  readonly told: Told;
  /** The canonical errors that become this row. Within one `told`, each canonical error stands in exactly one row. */
  readonly canonical: readonly CanonicalCode[];
  readonly retry: Retry;
  /** Whether the answer carries a Retry-After header. */
  readonly retryAfter: boolean;
  /** When it fires, in one line. */
  readonly when: string;
}

export interface Catalogue<Code extends string = string> {
  readonly dialect: string;
  /** The contract section that the table comes from. */
  readonly source: string;
  readonly rows: readonly CatalogueRow<Code>[];
}

/** A stable name for a row, e.g. `service_unavailable@502`, by which a test says that it provokes the row. */
export function rowId(row: CatalogueRow): string {
  return `${row.code}@${row.status ?? row.told}`;
}

/**
 * The look-up from a canonical error to its row in a dialect, with what is particular to the rows of that one.
 *
 * @throws Error when the table names a canonical error twice or not at all for what is told by `told`: a dialect that cannot
 *   say an error must not start.
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
