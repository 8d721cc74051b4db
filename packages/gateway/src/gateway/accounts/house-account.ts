import type { Account, ApiKey } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { randomAlphanumeric } from '../random-text.ts';
import { type Caller, hashSecret } from './authenticate.ts';

const SECRET_LENGTH = 43;
const ID_PREFIX = 'acct_house_';

/**
 * Who makes work that a contract lets nobody in particular ask for: an account of the house for each dialect, made when it is first
 * needed. Its key is of mode `test`, so that its work never touches money, and nobody knows the key's secret. The operator finds the
 * account under its fixed id, `acct_house_<dialect>`, and may limit or pause it.
 */
export async function houseCaller(core: Core, dialect: string): Promise<Caller> {
  return (await find(core, dialect)) ?? make(core, dialect);
}

/**
 * Makes the account of the house that an id names, if there is to be one: the operator may want to limit or pause it before anybody
 * called. Resolves to whether it is there now.
 */
export async function openHouse(core: Core, accountId: string): Promise<boolean> {
  const name = accountId.startsWith(ID_PREFIX) ? accountId.slice(ID_PREFIX.length) : '';
  if (core.dialects.get(name)?.hasHouse !== true) return false;
  await houseCaller(core, name);
  return true;
}

async function find(core: Core, dialect: string): Promise<Caller | undefined> {
  const account = await core.store.account(ID_PREFIX + dialect);
  const key = account && (await core.store.key(`key_house_${dialect}`));
  return account && key && { account, key };
}

/** Two first calls may get here at once, in two processes; whoever comes second finds what the first one made. */
async function make(core: Core, dialect: string): Promise<Caller> {
  const createdAt = core.now();
  const name = `house account of ${dialect}`;
  const account: Account = {
    id: ID_PREFIX + dialect,
    name,
    plan: 'pro',
    status: 'active',
    limits: {},
    createdAt,
  };
  const key: ApiKey = {
    id: `key_house_${dialect}`,
    accountId: account.id,
    dialect,
    mode: 'test',
    name,
    prefix: '',
    status: 'active',
    allowedOrigins: [],
    allowedIps: [],
    limits: {},
    createdAt,
  };
  const refusals: unknown[] = [];
  const attempt = (write: Promise<void>): Promise<void> =>
    write.catch((refusal) => {
      refusals.push(refusal);
    });
  // Each by itself: a process that died between the two left an account without a key.
  await attempt(core.store.createAccount(account));
  await attempt(core.store.createKey(key, hashSecret(randomAlphanumeric(SECRET_LENGTH))));
  const made = await find(core, dialect);
  if (made === undefined) throw refusals[0];
  return made;
}
