import { GenlockError } from '../../domain/error.ts';
import type { Mode } from '../../domain/generation.ts';
import type { ApiKey, KeyPatch, KeyStatus, LimitChanges, Limits } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { newId } from '../ids.ts';
import { findAccount } from './accounts.ts';
import { hashSecret } from './authenticate.ts';

export interface NewKey {
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly name: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedIps: readonly string[];
  readonly limits: Limits;
  /** The key itself, in the form that the dialect publishes. */
  readonly secret: string;
}

/** What may be changed of a key; null resets to the default. */
export interface KeyChange {
  readonly name?: string | null;
  readonly status?: KeyStatus | null;
  readonly allowedOrigins?: readonly string[] | null;
  readonly allowedIps?: readonly string[] | null;
  readonly limits?: LimitChanges | null;
}

/** Enough to tell keys apart in a list, and far too little to guess the rest. */
const PREFIX_LENGTH = 12;

/** Stores a new key as a digest, so nobody can show the key again. @throws GenlockError `not_found` (no such account) */
export async function createKey(core: Core, { secret, ...rest }: NewKey): Promise<ApiKey> {
  await findAccount(core, rest.accountId);
  const createdAt = core.now();
  const key: ApiKey = {
    id: newId('key_', createdAt),
    ...rest,
    prefix: secret.slice(0, PREFIX_LENGTH),
    status: 'active',
    createdAt,
  };
  await core.store.createKey(key, hashSecret(secret));
  return key;
}

/** @throws GenlockError `not_found` */
export async function readKey(core: Core, id: string): Promise<ApiKey> {
  const key = await core.store.key(id);
  if (key === undefined) throw noSuchKey();
  return key;
}

/**
 * Changes a key. The change applies to every request that arrives after it. Revoking is final.
 *
 * @throws GenlockError `not_found`, `invalid_state` (another status for a revoked key)
 */
export async function changeKey(core: Core, id: string, change: KeyChange): Promise<ApiKey> {
  const patch: KeyPatch = {
    ...(change.name !== undefined && { name: change.name ?? '' }),
    ...(change.status !== undefined && { status: change.status ?? 'active' }),
    ...(change.allowedOrigins !== undefined && { allowedOrigins: change.allowedOrigins ?? [] }),
    ...(change.allowedIps !== undefined && { allowedIps: change.allowedIps ?? [] }),
    ...(change.limits !== undefined && { limits: change.limits }),
  };
  const key = await core.store.updateKey(id, patch);
  if (key === undefined) throw noSuchKey();
  if (patch.status !== undefined && patch.status !== key.status)
    throw new GenlockError('invalid_state', 'A revoked key stays revoked. Make a new one.');
  return key;
}

function noSuchKey(): GenlockError {
  return new GenlockError('not_found', 'No such key.');
}
