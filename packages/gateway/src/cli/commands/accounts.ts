import { Argument, type Command, Option } from 'commander';
import { PLANS } from '../../store/port.ts';
import { callGateway, type GatewayFlags } from '../gateway-client.ts';
import { withGatewayFlags } from '../gateway-command.ts';
import { fields, present } from '../output.ts';

interface Account {
  readonly id: string;
  readonly name: string;
  readonly plan: string;
  readonly status: string;
  readonly balance: { readonly available_usd: string; readonly held_usd: string };
  readonly limits: Readonly<Record<string, number>>;
}

export function accountsCommand(program: Command): void {
  const accounts = program
    .command('accounts')
    .summary('customers of the gateway')
    .description('Opens, shows, pauses and changes the accounts of customers.')
    .addHelpText(
      'after',
      `
Examples:
  $ genlock accounts create "Acme" --credit 25.00
  $ genlock accounts show acct_01JB2V4T8E0000000000000000
  $ genlock accounts plan acct_01JB2V4T8E0000000000000000 enterprise`,
    );

  withGatewayFlags(accounts.command('create').summary('open an account').description('Opens an account.'))
    .argument('<name>', 'name for people to read; need not be unique')
    .addOption(new Option('--plan <plan>', 'plan of the account').choices(PLANS).default('pro'))
    .option('--credit <usd>', 'first credit in US dollars, e.g. 25.00')
    .addHelpText('after', '\nExample:\n  $ genlock accounts create "Acme" --plan starter --credit 25.00')
    .action(async (name: string, flags: GatewayFlags & { plan: string; credit?: string }) => {
      const body = {
        name,
        plan: flags.plan,
        ...(flags.credit !== undefined && { credit_usd: flags.credit }),
      };
      present(flags, await callGateway<Account>(flags, 'POST', '/accounts', body), render);
    });

  withGatewayFlags(
    accounts.command('show').summary('show an account').description('Shows an account with its balance.'),
  )
    .argument('<account>', 'its id')
    .addHelpText('after', '\nExample:\n  $ genlock accounts show acct_01JB2V4T8E0000000000000000 --json')
    .action(async (id: string, flags: GatewayFlags) => {
      present(flags, await callGateway<Account>(flags, 'GET', path(id)), render);
    });

  for (const [name, status, description] of [
    ['pause', 'paused', 'Refuses every call of an account from now on. Running jobs continue.'],
    ['resume', 'active', 'Accepts the calls of a paused account again.'],
  ] as const) {
    withGatewayFlags(accounts.command(name).summary(`${name} an account`).description(description))
      .argument('<account>', 'its id')
      .addHelpText('after', `\nExample:\n  $ genlock accounts ${name} acct_01JB2V4T8E0000000000000000`)
      .action(async (id: string, flags: GatewayFlags) => {
        present(flags, await callGateway<Account>(flags, 'PATCH', path(id), { status }), render);
      });
  }

  withGatewayFlags(
    accounts.command('plan').summary('change the plan').description('Changes the plan of an account.'),
  )
    .argument('<account>', 'its id')
    .addArgument(new Argument('<plan>', 'the new plan').choices(PLANS))
    .addHelpText('after', '\nExample:\n  $ genlock accounts plan acct_01JB2V4T8E0000000000000000 enterprise')
    .action(async (id: string, plan: string, flags: GatewayFlags) => {
      present(flags, await callGateway<Account>(flags, 'PATCH', path(id), { plan }), render);
    });
}

function path(id: string): string {
  return `/accounts/${encodeURIComponent(id)}`;
}

function render(account: Account): string {
  const limits = Object.entries(account.limits).map(([name, value]) => [name, String(value)] as const);
  return fields([
    ['account', account.id],
    ['name', account.name],
    ['plan', account.plan],
    ['status', account.status],
    ['available', `$${account.balance.available_usd}`],
    ['held', `$${account.balance.held_usd}`],
    ...limits,
  ]);
}
