import { type Command, Option } from 'commander';
import { BUCKETS } from '../../domain/funds.ts';
import { callGateway, type GatewayFlags } from '../gateway-client.ts';
import { withGatewayFlags } from '../gateway-command.ts';
import { fields, present, table } from '../output.ts';
import { parseCount } from '../parse-count.ts';
import { readPages } from '../read-pages.ts';

interface TopUp {
  readonly id: string;
  readonly usd: string;
  readonly bucket: string;
  readonly reference: string | null;
  readonly at: string;
}

interface Transfer {
  readonly id: string;
  readonly type: string;
  readonly usd: string;
  readonly generation_id: string | null;
  readonly at: string;
}

export function creditsCommand(program: Command): void {
  const credits = program
    .command('credits')
    .summary('credits and ledgers of accounts')
    .description('Credits accounts, and shows every transfer in their ledgers.')
    .addHelpText(
      'after',
      `
Examples:
  $ genlock credits top-up acct_01JB2V4T8E0000000000000000 10.00 --reference invoice-2025-17
  $ genlock credits ledger acct_01JB2V4T8E0000000000000000`,
    );

  withGatewayFlags(
    credits
      .command('top-up')
      .summary('credit an account')
      .description(
        'Credits an account. With a reference it is safe to repeat: the same reference is credited once.',
      ),
  )
    .argument('<account>', 'its id')
    .argument('<usd>', 'amount in US dollars, e.g. 10.00')
    .addOption(
      new Option('--bucket <bucket>', 'bucket that is credited').choices(BUCKETS).default('permanent'),
    )
    .option('--reference <text>', 'what the credit is for; each reference credits an account once')
    .addHelpText(
      'after',
      '\nExample:\n  $ genlock credits top-up acct_01JB2V4T8E0000000000000000 10.00 --reference invoice-2025-17',
    )
    .action(
      async (account: string, usd: string, flags: GatewayFlags & { bucket: string; reference?: string }) => {
        const { bucket, reference } = flags;
        const body = { usd, bucket, ...(reference !== undefined && { reference }) };
        const topUp = await callGateway<TopUp>(flags, 'POST', `${path(account)}/top-ups`, body);
        present(flags, topUp, renderTopUp);
      },
    );

  withGatewayFlags(
    credits
      .command('ledger')
      .summary('show every transfer')
      .description(
        'Shows the transfers of an account, oldest first. Amounts are positive; the type says whether money went in or out.',
      ),
  )
    .argument('<account>', 'its id')
    .option('--limit <n>', 'how many to show, from the oldest on', parseCount)
    .addHelpText('after', '\nExample:\n  $ genlock credits ledger acct_01JB2V4T8E0000000000000000 --json')
    .action(async (account: string, flags: GatewayFlags & { limit?: number }) => {
      const limit = flags.limit ?? Number.POSITIVE_INFINITY;
      const transfers = await readPages<Transfer>(flags, `${path(account)}/ledger`, {}, limit);
      present(flags, { data: transfers }, ({ data }) => {
        if (data.length === 0) return 'No transfers yet.';
        const rows = data.map(({ at, type, usd, generation_id }) => [at, type, usd, generation_id ?? '']);
        return table(['at', 'type', 'usd', 'generation'], rows, ['usd']);
      });
    });
}

/** Shows the time, which tells a new credit from an earlier one with the same reference. */
function renderTopUp({ id, usd, bucket, reference, at }: TopUp): string {
  return fields([
    ['transfer', id],
    ['credited', `$${usd}`],
    ['at', at],
    ['bucket', bucket],
    ['reference', reference ?? 'none'],
  ]);
}

function path(account: string): string {
  return `/accounts/${encodeURIComponent(account)}`;
}
