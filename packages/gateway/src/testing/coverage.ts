import { it } from 'vitest';

/**
 * A test that provokes one row of a dialect's error table over HTTP, by its real cause. The row is named by its `rowId`, as
 * literal text: `check-error-coverage` reads the calls from the source, because test files run apart from each other and none
 * of them could know what the others have covered.
 */
export function provokes(dialect: string, row: string, name: string, run: () => Promise<void>): void {
  it(`${dialect} ${row}: ${name}`, run);
}
