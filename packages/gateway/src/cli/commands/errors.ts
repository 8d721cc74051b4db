import type { Catalogue, CatalogueRow } from '@genlock/contracts';
import type { Command } from 'commander';
import { CommandFailure } from '../failure.ts';
import { print, printJson, table } from '../output.ts';

const CANONICAL = 'canonical';

export function errorsCommand(program: Command): void {
  program
    .command('errors')
    .summary('every error that there is, by dialect')
    .description(
      'Prints the error catalogues: of each dialect what callers get, when, and whether to try again; of Genlock itself ' +
        'the canonical errors that all of them are mapped from.',
    )
    .argument('[dialect]', `one dialect, or "${CANONICAL}"; default: all`)
    .option('--json', 'print the catalogues as data', false)
    .addHelpText(
      'after',
      `
Examples:
  $ genlock errors kiara
  $ genlock errors ${CANONICAL}
  $ genlock errors --json`,
    )
    .action(async (dialect: string | undefined, { json }: { json: boolean }) => {
      const { canonicalErrors } = await import('@genlock/contracts');
      const { dialectModules } = await import('../../dialects/index.ts');
      const catalogues = dialectModules.map(({ catalogue }) => catalogue);
      const names = [CANONICAL, ...catalogues.map((catalogue) => catalogue.dialect)];
      if (dialect !== undefined && !names.includes(dialect))
        throw new CommandFailure(`there is no dialect "${dialect}"; there are ${names.join(', ')}`);

      const wanted = (name: string): boolean => dialect === undefined || dialect === name;
      const chosen = catalogues.filter((catalogue) => wanted(catalogue.dialect));
      if (json) {
        printJson({
          ...(wanted(CANONICAL) && { canonical: canonicalErrors }),
          dialects: Object.fromEntries(chosen.map((catalogue) => [catalogue.dialect, catalogue])),
        });
        return;
      }
      const blocks = chosen.map(renderCatalogue);
      if (wanted(CANONICAL)) {
        const rows = Object.entries(canonicalErrors).map(([code, error]) => [
          code,
          error.blame,
          error.retry,
          error.summary,
        ]);
        blocks.push(`canonical errors\n\n${table(['code', 'blame', 'retry', 'meaning'], rows)}`);
      }
      print(blocks.join('\n\n'));
    });
}

function renderCatalogue({ dialect, source, rows }: Catalogue): string {
  const lines = rows.map((row) => [
    row.status === null ? 'in the job' : String(row.status),
    row.code,
    retryOf(row),
    row.when,
  ]);
  return `${dialect} (${source})\n\n${table(['status', 'code', 'retry', 'when'], lines)}`;
}

function retryOf({ retry, retryAfter }: CatalogueRow): string {
  return retryAfter ? `${retry}, Retry-After` : retry;
}
