import { type Command, Option } from 'commander';
import { FLAGGED_OUTCOMES } from '../../store/port.ts';
import type { GatewayFlags } from '../gateway-client.ts';
import { withGatewayFlags } from '../gateway-command.ts';
import { present, table } from '../output.ts';
import { parseCount } from '../parse-count.ts';
import { readPages } from '../read-pages.ts';

interface Attempt {
  readonly generation_id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly ordered_model: string;
  readonly quote_usd: string;
  readonly n: number;
  readonly provider: string;
  readonly model: string;
  readonly upstream_id: string | null;
  readonly outcome: string;
  readonly error: { readonly code: string } | null;
  readonly cost_usd: string | null;
  readonly lost_calls: number;
  readonly started_at: string;
}

interface AttemptsFlags extends GatewayFlags {
  readonly outcome?: string;
  readonly limit: number;
}

const DEFAULT_LIMIT = 50;

export function attemptsCommand(program: Command): void {
  withGatewayFlags(
    program
      .command('attempts')
      .summary('calls that you may have to pay for and that brought nothing')
      .description(
        'Shows calls that brought nothing but that the provider may still bill, newest first. Compare them with its bill.',
      ),
  )
    .addOption(
      new Option('--outcome <outcome>', 'only attempts with this outcome (default: all)').choices(
        FLAGGED_OUTCOMES,
      ),
    )
    .option('--limit <n>', 'how many to show, from the newest on', parseCount, DEFAULT_LIMIT)
    .addHelpText(
      'after',
      `
Outcomes:
  abandoned         the job has ended; for an hour Genlock keeps asking what became of the call
  late              the provider did the work after all, too late to be delivered
  outcome_unknown   nobody can tell what became of the call, or of some of the calls in the attempt ("lost")

An attempt with lost calls is listed under outcome_unknown, and shown with its own outcome. "genlock routes list" shows which
routes are failing now.

Examples:
  $ genlock attempts
  $ genlock attempts --outcome late --limit 200
  $ genlock attempts --outcome outcome_unknown --json`,
    )
    .action(async (flags: AttemptsFlags) => {
      present(flags, { data: await read(flags) }, ({ data }) =>
        data.length === 0
          ? 'Nothing is flagged: no call may have to be paid for nothing.'
          : table(
              [
                'started',
                'outcome',
                'route',
                'job there',
                'lost',
                'cost',
                'quoted',
                'generation',
                'ordered',
                'error',
              ],
              data.map((one) => [
                one.started_at,
                one.outcome,
                `${one.provider}/${one.model}`,
                one.upstream_id ?? 'unknown',
                one.lost_calls === 0 ? '' : String(one.lost_calls),
                one.cost_usd === null ? '' : `$${one.cost_usd}`,
                `$${one.quote_usd}`,
                `${one.generation_id} #${one.n}`,
                `${one.dialect}/${one.ordered_model}`,
                one.error?.code ?? '',
              ]),
              ['lost', 'cost', 'quoted'],
            ),
      );
    });
}

async function read(flags: AttemptsFlags): Promise<readonly Attempt[]> {
  const outcomes = flags.outcome === undefined ? FLAGGED_OUTCOMES : [flags.outcome];
  const lists = await Promise.all(
    outcomes.map((outcome) => readPages<Attempt>(flags, '/attempts', { outcome }, flags.limit)),
  );
  return lists
    .flat()
    .toSorted((a, b) => b.started_at.localeCompare(a.started_at))
    .slice(0, flags.limit);
}
