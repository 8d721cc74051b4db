import { expect, it } from 'vitest';
import type { DialectName } from '../../../client/src/index.ts';
import { overhear } from './overhear.ts';
import { understoodRows } from './understood.ts';

/**
 * A test that provokes one row of a dialect's error table over HTTP, by its real cause, and that the client understands: every answer
 * that came meanwhile is read by it, and the row has to be among them. The row is named by its `rowId`, as literal text:
 * `check-error-coverage` reads the calls from the source, because test files run apart from each other and none of them could know what
 * the others have covered.
 */
export function provokes(dialect: DialectName, row: string, name: string, run: () => Promise<void>): void {
  it(`${dialect} ${row}: ${name}`, async () => {
    const told = await understoodRows(dialect, await overhear(run));
    expect([...told], 'the answers of this test').toContain(row);
  });
}
