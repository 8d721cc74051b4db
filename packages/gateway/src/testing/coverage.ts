import { expect, it } from 'vitest';
import type { DialectName } from '../../../client/src/index.ts';
import { overhear } from './overhear.ts';
import { understoodRows } from './understood.ts';

/**
 * A test that provokes one row of a dialect's error table over HTTP by its real cause, and that the client understands: the client reads
 * every answer that came meanwhile, and the row must be among them. The row is named by its `rowId` as literal text, because
 * `check-error-coverage` reads these calls from the source: test files run separately, so none of them could know what the others have
 * covered.
 */
export function provokes(dialect: DialectName, row: string, name: string, run: () => Promise<void>): void {
  it(`${dialect} ${row}: ${name}`, async () => {
    const told = await understoodRows(dialect, await overhear(run));
    expect([...told], 'the answers of this test').toContain(row);
  });
}
