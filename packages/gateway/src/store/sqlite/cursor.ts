import { GenlockError } from '../../domain/error.ts';
import type { Page } from '../port.ts';

/** A cursor is the seq of the last row of a page, with a checksum so that an invented text is refused. */
export function encodeCursor(seq: number): string {
  return seq.toString(36) + checkOf(seq);
}

function checkOf(seq: number): string {
  return ((seq * 2_654_435_761) % 46_649).toString(36).padStart(4, '0').slice(-4);
}

/** @throws GenlockError `invalid_parameter` for a text that no page returned. */
export function decodeCursor(cursor: string): number {
  const seq = /^[0-9a-z]{5,15}$/.test(cursor) ? Number.parseInt(cursor.slice(0, -4), 36) : Number.NaN;
  if (!Number.isSafeInteger(seq) || seq < 1 || encodeCursor(seq) !== cursor)
    throw new GenlockError('invalid_parameter', 'The cursor is not one that a list returned.', {
      param: 'cursor',
    });
  return seq;
}

/** Makes a page of rows that were queried with one more than `limit`: an extra row means that there is a next page. */
export function toPage<Row extends { readonly seq: number }, T>(
  rows: readonly Row[],
  limit: number,
  map: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data: shown.map(map), nextCursor: more ? encodeCursor(last.seq) : null };
}
