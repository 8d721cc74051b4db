import { hash } from 'node:crypto';
import { GenlockError } from '../../domain/error.ts';
import type { Account, ApiKey, KeyWithAccount, LimitName, Limits } from '../../store/port.ts';
import type { CallContext } from '../call-context.ts';
import type { Core } from '../core.ts';

/** Who makes a request. */
export interface Caller {
  readonly account: Account;
  readonly key: ApiKey;
  /** The HTTP call that the caller makes; absent for work that no call asked for. */
  readonly call?: CallContext;
}

/** Only this digest of a key is stored and compared, so that neither a leak of the store nor the time of a comparison reveals a key. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** No key is longer than this. Longer texts are refused without hashing them. */
const MAX_SECRET = 256;

/**
 * Finds the caller behind a key. A key works in its own dialect and in `native`. Synchronous if the store can answer at once; it then
 * throws instead of returning a rejected promise.
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

/** The limit that applies: the key's, else its account's, else the dialect's default. Undefined: no limit. */
export function limitOf(name: LimitName, caller: Caller, defaults: Limits): number | undefined {
  return caller.key.limits[name] ?? caller.account.limits[name] ?? defaults[name];
}
