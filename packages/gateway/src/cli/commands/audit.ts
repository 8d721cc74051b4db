import type { Command } from 'commander';
import type { GatewayFlags } from '../gateway-client.ts';
import { withGatewayFlags } from '../gateway-command.ts';
import { present, table } from '../output.ts';
import { parseCount } from '../parse-count.ts';
import { readPages } from '../read-pages.ts';

interface Entry {
  readonly at: string;
  readonly actor: string;
  readonly client: string | null;
  readonly address: string | null;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  readonly detail: unknown;
}

interface AuditFlags extends GatewayFlags {
  readonly target?: string;
  readonly action?: string;
  readonly limit: number;
}

const DEFAULT_LIMIT = 50;

export function auditCommand(program: Command): void {
  withGatewayFlags(
    program
      .command('audit')
      .summary('log of what the operator did')
      .description('Shows what the admin API and the command line did or refused, newest first.'),
  )
    .option('--target <id>', 'only entries about this account, key, model, …')
    .option('--action <name>', 'only entries with this action, e.g. account.top_up')
    .option('--limit <n>', 'how many to show, from the newest on', parseCount, DEFAULT_LIMIT)
    .addHelpText(
      'after',
      `
Examples:
  $ genlock audit
  $ genlock audit --target acct_01JB2V4T8E0000000000000000
  $ genlock audit --action key.create --json`,
    )
    .action(async (flags: AuditFlags) => {
      present(flags, { data: await read(flags) }, ({ data }) =>
        data.length === 0
          ? 'Nothing yet.'
          : table(
              ['at', 'who', 'from', 'action', 'target', 'outcome', 'detail'],
              data.map(({ at, actor, client, address, action, target, outcome, detail }) => [
                at,
                actor,
                [client, address].filter((part) => part !== null).join(' '),
                action,
                target,
                outcome,
                detail === null ? '' : JSON.stringify(detail),
              ]),
            ),
      );
    });
}

function read(flags: AuditFlags): Promise<readonly Entry[]> {
  const { target, action, limit } = flags;
  const filter = { ...(target !== undefined && { target }), ...(action !== undefined && { action }) };
  return readPages(flags, '/audit', filter, limit);
}
