import type { Catalogue, CatalogueRow } from '@genlock/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExplainFlags } from '../explain/explain.ts';
import { CommandFailure } from '../failure.ts';
import { print, printJson, table } from '../output.ts';

const CANONICAL = 'canonical';

/** Listed here as well as in the catalogues, so that the catalogues are loaded only when they are needed. */
const DIALECTS = ['kiara', 'getimg', 'skills-video', 'skytells', 'llmtune', 'native'];

export function errorsCommand(program: Command): void {
  const errors = program
    .command('errors')
    .summary('every error of every dialect, and what to do about it')
    .description(
      'Prints the error catalogues. For each dialect: what callers get, when, and whether to try again. For Genlock itself: ' +
        'the canonical errors, which the dialects map to their own.',
    )
    .argument('[dialect]', `one dialect, or "${CANONICAL}"; default: all`)
    .option('--json', 'print the catalogues as data', false)
    .addHelpText(
      'after',
      `
Examples:
  $ genlock errors kiara
  $ genlock errors ${CANONICAL}
  $ genlock errors --json
  $ genlock errors explain insufficient_balance`,
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

  errors
    .command('explain')
    .summary('what an error means, and what to do')
    .description(
      'Explains an error code of Genlock or of a dialect, or a whole answer: what happened, whose fault it is, whether to try again, ' +
        'whether it may have been charged, what to do next, and how to rehearse it in the emulator.',
    )
    .argument(
      '<code|json|file>',
      'a code, a status, the JSON of an error or of a failed job, a file with one, or "-" for stdin',
    )
    .addOption(
      new Option('--dialect <dialect>', 'dialect of the code or answer (default: recognised)').choices(
        DIALECTS,
      ),
    )
    .option('--status <status>', 'HTTP status of the answer, if only its body is given', readStatus)
    .option('--json', 'print it as data', false)
    .addHelpText(
      'after',
      `
Examples:
  $ genlock errors explain queue_full
  $ genlock errors explain service_unavailable --dialect kiara
  $ genlock errors explain '{"error":{"code":"insufficient_balance","message":"…","request_id":"req_1"}}'
  $ curl -si https://… | genlock errors explain -`,
    )
    .action(async (subject: string, _flags: object, command: Command) => {
      const { explain } = await import('../explain/explain.ts');
      // `--json` is also an option of the parent command, which receives it.
      await explain(subject, command.optsWithGlobals<ExplainFlags>());
    });
}

function readStatus(text: string): number {
  if (/^[1-5]\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number from 100 to 599.');
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
