import { type Command, Option } from 'commander';
import { MODES } from '../../domain/generation.ts';
import { callGateway, type GatewayFlags } from '../gateway-client.ts';
import { withGatewayFlags } from '../gateway-command.ts';
import { fields, present } from '../output.ts';

interface Key {
  readonly id: string;
  /** Only right after creation. */
  readonly key?: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: string;
  readonly name: string;
  readonly prefix: string;
  readonly status: string;
  readonly allowed_origins: readonly string[];
  readonly allowed_ips: readonly string[];
}

interface CreateFlags extends GatewayFlags {
  readonly dialect: string;
  readonly mode: string;
  readonly name?: string;
  readonly origin?: readonly string[];
  readonly ip?: readonly string[];
}

export function keysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .summary('API keys of accounts')
    .description(
      'Makes, shows, pauses and revokes API keys. A key works in its dialect and in the native API.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ genlock keys create acct_01JB2V4T8E0000000000000000 --dialect kiara
  $ genlock keys create acct_01JB2V4T8E0000000000000000 --dialect kiara --mode test --name ci
  $ genlock keys revoke key_01JB2V4T8E0000000000000000`,
    );

  withGatewayFlags(
    keys
      .command('create')
      .summary('make a key')
      .description('Makes an API key and shows it. The key is shown only once.'),
  )
    .argument('<account>', 'id of the account')
    .requiredOption('--dialect <dialect>', 'dialect of the key, e.g. kiara')
    .addOption(new Option('--mode <mode>', 'test keys never cost money').choices(MODES).default('live'))
    .option('--name <name>', 'name for people to read')
    .option('--origin <origin...>', 'accept calls only from these web origins')
    .option('--ip <address...>', 'accept calls only from these addresses or CIDR blocks')
    .addHelpText(
      'after',
      `
Examples:
  $ genlock keys create acct_01JB2V4T8E0000000000000000 --dialect kiara
  $ genlock keys create acct_01JB2V4T8E0000000000000000 --dialect kiara --ip 203.0.113.0/24 2001:db8::/32`,
    )
    .action(async (account: string, flags: CreateFlags) => {
      const { dialect, mode, name, origin, ip } = flags;
      const body = {
        dialect,
        mode,
        ...(name !== undefined && { name }),
        ...(origin !== undefined && { allowed_origins: origin }),
        ...(ip !== undefined && { allowed_ips: ip }),
      };
      present(
        flags,
        await callGateway<Key>(flags, 'POST', `/accounts/${encodeURIComponent(account)}/keys`, body),
        render,
      );
    });

  withGatewayFlags(
    keys
      .command('show')
      .summary('show a key')
      .description('Shows the settings of a key, never the key itself.'),
  )
    .argument('<key>', 'its id')
    .addHelpText('after', '\nExample:\n  $ genlock keys show key_01JB2V4T8E0000000000000000')
    .action(async (id: string, flags: GatewayFlags) => {
      present(flags, await callGateway<Key>(flags, 'GET', path(id)), render);
    });

  for (const [name, status, description] of [
    ['pause', 'paused', 'Refuses every call of a key from now on.'],
    ['resume', 'active', 'Accepts the calls of a paused key again.'],
    [
      'revoke',
      'revoked',
      'Revokes a key permanently: calls get the same answer as with a key that never existed.',
    ],
  ] as const) {
    withGatewayFlags(keys.command(name).summary(`${name} a key`).description(description))
      .argument('<key>', 'its id')
      .addHelpText('after', `\nExample:\n  $ genlock keys ${name} key_01JB2V4T8E0000000000000000`)
      .action(async (id: string, flags: GatewayFlags) => {
        present(flags, await callGateway<Key>(flags, 'PATCH', path(id), { status }), render);
      });
  }
}

function path(id: string): string {
  return `/keys/${encodeURIComponent(id)}`;
}

function render(key: Key): string {
  const any = (list: readonly string[]): string => (list.length === 0 ? 'any' : list.join(', '));
  return fields([
    ['id', key.id],
    ['key', key.key === undefined ? `${key.prefix}…` : `${key.key}   (shown this once)`],
    ['account', key.account_id],
    ['dialect', key.dialect],
    ['mode', key.mode],
    ['name', key.name],
    ['status', key.status],
    ['origins', any(key.allowed_origins)],
    ['addresses', any(key.allowed_ips)],
  ]);
}
