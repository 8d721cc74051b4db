import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '../failure.ts';
import { callGateway, DEFAULT_URL, gatewayOf } from '../gateway-client.ts';
import type { GenerateFlags } from './flags.ts';

/** Where to order, and with which key. */
export interface Access {
  readonly url: string;
  readonly apiKey: string;
  /** The account that this command opened for itself; undefined if a key was given. */
  readonly ownAccount?: string;
}

/**
 * The credit of an account that is opened for this command: enough to start with, and a limit on what it can spend before the operator tops
 * it up.
 */
const CREDIT_USD = '5.00';

const AUTO = 'auto';

/**
 * The key that was given. Otherwise a key of the command's own, at an emulator on this machine, or with `--key auto` at any gateway on this
 * machine.
 *
 * The admin token is only ever sent to the address in the data folder.
 *
 * @throws CommandFailure that says how to get a key
 */
export async function findAccess(flags: GenerateFlags, say: (line: string) => void): Promise<Access> {
  const local = gatewayOf(flags.data);
  const given = flags.url ?? (process.env.GENLOCK_URL || undefined);
  const url = (given ?? local?.url ?? DEFAULT_URL).replace(/\/+$/, '').replace(/\/v1$/, '');
  const key = flags.key ?? (process.env.GENLOCK_API_KEY || undefined);
  if (key !== undefined && key !== AUTO) return { url, apiKey: key };
  const isLocal = local !== undefined && local.url === url;
  if (isLocal && (key === AUTO || local.emulator)) return ownAccess(url, flags, say);
  throw new CommandFailure(
    key === AUTO
      ? `--key auto is for a gateway that runs on ${flags.data}, and ${local === undefined ? 'none does' : `that one is ${local.url}`}`
      : `no API key for ${url}: give one with --key or GENLOCK_API_KEY.${isLocal ? HERE : ''}`,
  );
}

const HERE = `
It is made by the operator:
  $ genlock accounts create "Me" --credit 5.00
  $ genlock keys create <account> --dialect native
or, with $${CREDIT_USD} to spend, by this command itself: --key auto`;

interface Kept {
  readonly account: string;
  readonly key: string;
}

/** The account and key that this command made here earlier, or makes now. */
async function ownAccess(url: string, flags: GenerateFlags, say: (line: string) => void): Promise<Access> {
  const file = join(flags.data, 'cli-key.json');
  const kept = readKept(file);
  if (kept !== undefined) return { url, apiKey: kept.key, ownAccount: kept.account };
  const { data } = flags;
  const gateway = { data, url, json: false };
  const { id } = await callGateway<{ id: string }>(gateway, 'POST', '/accounts', {
    name: 'genlock generate',
    credit_usd: CREDIT_USD,
  });
  const { key } = await callGateway<{ key: string }>(gateway, 'POST', `/accounts/${id}/keys`, {
    dialect: 'native',
    name: 'genlock generate',
  });
  writeFileSync(file, JSON.stringify({ account: id, key } satisfies Kept), { mode: 0o600 });
  say(`opened ${id} with $${CREDIT_USD} and made it a key, kept in ${file}`);
  return { url, apiKey: key, ownAccount: id };
}

function readKept(file: string): Kept | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CommandFailure(`${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    const { account, key } = JSON.parse(text);
    if (typeof account === 'string' && typeof key === 'string') return { account, key };
  } catch {
    // See the error below.
  }
  throw new CommandFailure(
    `${file} is not what this command wrote there: delete it, or give a key with --key`,
  );
}
