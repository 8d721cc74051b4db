import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Catalogue, CatalogueRow } from '../packages/contracts/src/index.ts';
import * as contracts from '../packages/contracts/src/index.ts';

const { canonicalCodes, canonicalErrors } = contracts;
/** Every catalogue that the package exports, so that a new dialect needs no change here. */
const catalogues = (Object.values(contracts) as readonly unknown[]).filter(isCatalogue);

/** The generated page. `npx node scripts/print-errors.ts` writes it, and a test fails while it is out of date. */
export const ERRORS_PAGE = fileURLToPath(new URL('../docs/errors.md', import.meta.url));

const INTRO = `# Errors

<!-- Written by scripts/print-errors.ts from packages/contracts. Do not edit. -->

Everything that can go wrong has one **canonical error**. Each dialect has a table that maps the canonical errors to its own codes, the **wire
errors**. The server renders its answers from these tables, and the tests walk them.

- \`genlock errors\` prints the tables in a terminal.
- \`genlock errors explain\` takes a code or an answer that you got. It says what it means and what to do.
- [rehearsing-failure.md](rehearsing-failure.md) says how to rehearse errors.

## Canonical errors

*Who acts* is the caller, the operator of the gateway, or the provider behind it. *Retry* says what a program may do with the same request:

| retry | meaning |
|---|---|
| \`never\` | Do not send it again: it will not succeed, or nobody knows whether it did. |
| \`after_fix\` | Fix something first: the input, the key, the balance. |
| \`backoff\` | Send it again, with growing pauses and the same idempotency key. |
| \`after_delay\` | Send it again after the pause that the answer gives, with the same idempotency key. |
`;

const UNSURE = `Most dialects have a single row for failed work and for work whose outcome nobody knows (\`outcome_unknown\`). If the outcome is unknown, the answer has
the header \`x-should-retry: false\`, whatever \`retry\` its row has, because a second call might be done and paid for twice. OpenAI's SDKs respect this
header by themselves, and \`@genlock/client\` reads the answer as \`outcome_unknown\`. If an SDK looks at the status only, set its retries to 0.
`;

/** The error tables as a Markdown page. */
export function errorsPage(): string {
  const canonical = canonicalCodes.map((code) => {
    const { blame, retry, summary } = canonicalErrors[code];
    return [`\`${code}\``, blame, `\`${retry}\``, summary];
  });
  const parts = [
    INTRO,
    table(['code', 'who acts', 'retry', 'meaning'], canonical),
    UNSURE,
    ...catalogues.map(dialect),
  ];
  return parts.join('\n');
}

function dialect(catalogue: Catalogue): string {
  const rows = catalogue.rows.map((row) => [
    `\`${row.code}\``,
    row.status === null ? 'none: shown in the job' : String(row.status),
    `\`${row.retry}\``,
    row.retryAfter ? 'yes' : '',
    row.when,
    canonicalOf(row),
  ]);
  const title = catalogue.dialect.charAt(0).toUpperCase() + catalogue.dialect.slice(1);
  return `## ${title}

The table itself is \`packages/contracts/src/${catalogue.dialect}.ts\`.

${table(['code', 'HTTP', 'retry', '`Retry-After`', 'occurs when', 'canonical errors'], rows)}`;
}

function isCatalogue(value: unknown): value is Catalogue {
  return typeof value === 'object' && value !== null && 'dialect' in value && 'rows' in value;
}

/** In some dialects a row also lists errors that become it in one place only. */
interface PlacedRow extends CatalogueRow {
  readonly placed?: { readonly [place: string]: readonly string[] };
}

function canonicalOf({ canonical, placed = {} }: PlacedRow): string {
  if (canonical.length === canonicalCodes.length) return 'all of them';
  const quoted = (codes: readonly string[]): string => codes.map((code) => `\`${code}\``).join(' ');
  const there = Object.entries(placed).map(([place, codes]) => `*${place}:* ${quoted(codes)}`);
  return [...(canonical.length > 0 ? [quoted(canonical)] : []), ...there].join(' · ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(head), `|${'---|'.repeat(head.length)}\n`, ...rows.map(line)].join('');
}

if (import.meta.main) writeFileSync(ERRORS_PAGE, errorsPage());
