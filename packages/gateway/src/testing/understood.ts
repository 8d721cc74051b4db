import { type CatalogueRow, rowId } from '@genlock/contracts';
import { expect } from 'vitest';
import {
  type DialectName,
  type GenerationError,
  parseErrorBody,
  parseFailure,
} from '../../../client/src/index.ts';
import { asTold, endOf, expectUnderstood } from '../../../client/testing/agreement.ts';
import { CATALOGUES } from '../../../client/testing/catalogues.ts';
import { replay } from '../../../client/testing/replay.ts';
import type { Overheard } from './overhear.ts';

/**
 * Asserts that the client reads every error among real answers as the tables say (canonical code, advice and retry), and that its `fetch`
 * repeats what may be repeated.
 *
 * @returns the rows that occurred
 */
export async function understoodRows(
  dialect: DialectName,
  answers: readonly Overheard[],
): Promise<ReadonlySet<string>> {
  const told = new Set<string>();
  for (const { status, headers, body } of answers) {
    const error =
      status < 400 ? parseFailure(dialect, body) : parseErrorBody(dialect, { status, headers, body });
    if (error === undefined) continue;
    const row = rowOf(error, status);
    expectUnderstood(error, row);
    if (row.told === 'response')
      for (const [kind, end] of await replay(dialect, async () => new Response(body, { status, headers })))
        expect([kind, end]).toEqual([kind, endOf(dialect, asTold(row, error), kind)]);
    told.add(rowId(row));
  }
  return told;
}

/** If jobs fail without a code, the dialect has one row for all of them. */
function rowOf({ dialect, wireCode, raw }: GenerationError, status: number): CatalogueRow {
  const row = CATALOGUES[dialect].find((one) =>
    one.told === 'job'
      ? status < 400 && [null, one.code].includes(wireCode)
      : one.status === status && one.code === wireCode,
  );
  if (row === undefined) throw new Error(`${dialect}: no row for ${status} ${JSON.stringify(raw)}`);
  return row;
}
