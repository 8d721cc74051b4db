import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CATALOGUE, type Spec } from '../packages/gateway/src/telemetry/catalogue.ts';

/** The page with the table. `npx node scripts/print-metrics.ts` updates it, and a test fails while it is out of date. */
export const METRICS_PAGE = fileURLToPath(new URL('../docs/observability.md', import.meta.url));

const TABLE = /(<!-- metrics: [^\n]*-->\n).*?(<!-- \/metrics -->)/s;

/** The page with the catalogue's table. */
export function withMetricsTable(page: string): string {
  const rows = Object.values<Spec>(CATALOGUE).map(
    ({ name, type, labels, help }) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |\n`,
  );
  const table = `| metric | | labels | |\n|---|---|---|---|\n${rows.join('')}`;
  return page.replace(TABLE, (_, open: string, close: string) => open + table + close);
}

if (import.meta.main) writeFileSync(METRICS_PAGE, withMetricsTable(readFileSync(METRICS_PAGE, 'utf8')));
