import { hash } from 'node:crypto';
import { GenlockError } from '../../domain/error.ts';
import type { Account, ApiKey, KeyWithAccount, LimitName, Limits } from '../../store/port.ts';
import type { CallContext } from '../call-context.ts';
import type { Core } from '../core.ts';

/** Who makes a request. */
export interface Caller {
  readonly account: Account;
  readonly key: ApiKey;
  /** The call that it makes; absent where none is behind it. */
  readonly call?: CallContext;
}

/** Only this digest of a key is stored and compared, so that neither a leak nor a timing tells a key. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** No key is longer; longer ones are not worth hashing. */
const MAX_SECRET = 256;

/**
 * Finds the caller behind a key. A key works in its own dialect and in `native`. Plain where the store is, and then it throws at once.
 *
 * @throws GenlockError `unauthenticated` (absent, unknown, revoked, of another dialect), `account_disabled` (key or account paused)
 */
export function authenticate(
  core: Core,
  dialect: string,
  secret: string | undefined,
): Caller | Promise<Caller> {
  if (secret === undefined || secret === '' || secret.length > MAX_SECRET)
    throw new GenlockError('unauthenticated');
  const found = core.store.keyByHash(hashSecret(secret));
  return found instanceof Promise
    ? found.then((caller) => accepted(caller, dialect))
    : accepted(found, dialect);
}

function accepted(caller: KeyWithAccount | undefined, dialect: string): Caller {
  if (caller === undefined || caller.key.status === 'revoked') throw new GenlockError('unauthenticated');
  if (caller.key.dialect !== dialect && dialect !== 'native') throw new GenlockError('unauthenticated');
  if (caller.key.status === 'paused' || caller.account.status === 'paused')
    throw new GenlockError('account_disabled');
  return caller;
}

/** A key's value wins over its account's, that over the dialect's default; undefined where none sets one: no limit. */
export function limitOf(name: LimitName, caller: Caller, defaults: Limits): number | undefined {
  return caller.key.limits[name] ?? caller.account.limits[name] ?? defaults[name];
}
