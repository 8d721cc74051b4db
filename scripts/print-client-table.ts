import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { comparisonTable, type Line } from '../packages/client/testing/comparison.ts';

/** The page with the table. `npx node scripts/print-client-table.ts` updates it, and a test fails while it is out of date. */
export const CLIENT_PAGE = fileURLToPath(new URL('../docs/client.md', import.meta.url));

const BETWEEN = /(<!-- comparison: [^\n]*-->\n).*?(<!-- \/comparison -->)/s;

/** The page with new measurements in the table. */
export function clientPage(page: string, lines: readonly Line[]): string {
  if (!BETWEEN.test(page)) throw new Error('docs/client.md has no place for the comparison.');
  return page.replace(BETWEEN, (_all, open, close) => `${open}${comparisonTable(lines)}\n${close}`);
}

if (import.meta.main) {
  const { compare } = await import('../packages/client/testing/comparison.ts');
  writeFileSync(CLIENT_PAGE, clientPage(readFileSync(CLIENT_PAGE, 'utf8'), await compare()));
}
