import type { DialectName } from '@genlock/client';
import { type CanonicalCode, type CatalogueRow, canonicalCodes, isCanonicalCode } from '@genlock/contracts';
import { dialectNames, tongues } from './dialects.ts';
import { canonicalOf } from './explanation.ts';

export interface FoundRow {
  readonly dialect: DialectName;
  readonly row: CatalogueRow;
}

/** What was found for a word. */
export type Found =
  | { readonly kind: 'canonical'; readonly code: CanonicalCode; readonly rows: readonly FoundRow[] }
  | { readonly kind: 'wire'; readonly rows: readonly FoundRow[] }
  | { readonly kind: 'status'; readonly status: number; readonly rows: readonly FoundRow[] }
  | { readonly kind: 'unknown'; readonly near: readonly string[] };

/**
 * Finds a canonical code, a wire code (upper and lower case are the same), `code@status` or a bare status, in one dialect or in all. If a
 * dialect is given, its wire codes come before canonical ones.
 */
export function findCode(text: string, dialect?: DialectName): Found {
  const rows = (dialect === undefined ? dialectNames : [dialect]).flatMap((name) =>
    tongues[name].catalogue.rows.map((row) => ({ dialect: name, row })),
  );
  const status = /^[45]\d\d$/.test(text) ? Number(text) : undefined;
  if (status !== undefined)
    return { kind: 'status', status, rows: rows.filter(({ row }) => row.status === status) };

  const wanted = text.toLowerCase();
  const wire = rows.filter(({ row }) => names(row).some((name) => matches(name, wanted)));
  if (dialect !== undefined && wire.length > 0) return { kind: 'wire', rows: wire };
  if (isCanonicalCode(wanted))
    return {
      kind: 'canonical',
      code: wanted,
      rows: rows.filter(({ row }) => canonicalOf(row).includes(wanted)),
    };
  if (wire.length > 0) return { kind: 'wire', rows: wire };
  return { kind: 'unknown', near: nearest(wanted, [...canonicalCodes, ...rows.map(({ row }) => row.code)]) };
}

/** The names by which callers know a row: some dialects send a second name beside the code. */
function names(row: CatalogueRow): readonly string[] {
  const { legacy, inference } = row as { legacy?: string; inference?: { code: string } };
  const all = [row.code, legacy, inference?.code].filter((name) => name !== undefined);
  return [...all, ...all.map((name) => `${name}@${row.status ?? row.told}`)];
}

/** LLMTune's codes are sentences, of which the beginning is enough. */
function matches(name: string, wanted: string): boolean {
  const lower = name.toLowerCase();
  return lower === wanted || (lower.includes(' ') && wanted.includes(' ') && lower.startsWith(wanted));
}

const NEAR = 3;

/** The codes most similar to what was typed, best first. */
export function nearest(wanted: string, codes: readonly string[]): readonly string[] {
  const scored = [...new Set(codes)]
    .map((code) => ({ code, score: score(wanted, code.toLowerCase()) }))
    .filter((one) => one.score < 1)
    .sort((one, other) => one.score - other.score);
  return scored.slice(0, NEAR).map(({ code }) => code);
}

/** Below 1 for similar codes: the number of edits in relation to a third of the length, or less if one contains the other. */
function score(wanted: string, code: string): number {
  const edits = distance(wanted, code) / (Math.max(wanted.length, code.length) / 3);
  const within = wanted.length >= 4 && code.includes(wanted) ? 0.9 : 1;
  return Math.min(edits, within);
}

/** Levenshtein distance, computed row by row. */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (above[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      row.push(Math.min(change, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above[other.length] ?? 0;
}
