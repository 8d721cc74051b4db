import type { Account, ApiKey } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { randomAlphanumeric } from '../random-text.ts';
import { type Caller, hashSecret } from './authenticate.ts';

const SECRET_LENGTH = 43;
const ID_PREFIX = 'acct_house_';

/**
 * The caller of work that a contract allows without a key: each dialect has a house account for it, made when it is first needed. Its key
 * is of mode `test`, so that the work never touches money, and nobody knows the key's secret. The account has the fixed id
 * `acct_house_<dialect>`, under which the operator can limit or pause it.
 */
export async function houseCaller(core: Core, dialect: string): Promise<Caller> {
  return (await find(core, dialect)) ?? make(core, dialect);
}

/**
 * Makes the house account with this id, if the dialect has one: the operator may want to limit or pause it before the first call. Resolves
 * to whether the account exists now.
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

/** Two processes may get here at the same time. The second one then uses what the first one made. */
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
  // Two separate writes: if a process died between them, the account exists without a key, and the key must still be made.
  await attempt(core.store.createAccount(account));
  await attempt(core.store.createKey(key, hashSecret(randomAlphanumeric(SECRET_LENGTH))));
  const made = await find(core, dialect);
  if (made === undefined) throw refusals[0];
  return made;
}
