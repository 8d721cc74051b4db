import { hash } from 'node:crypto';
import { GenlockError } from '../../domain/error.ts';
import type { Json } from '../../domain/json.ts';
import type { IdempotencyClaim } from '../../store/port.ts';
import type { Core } from '../core.ts';

/** JSON with sorted keys and no white space: the same text for bodies that mean the same. */
function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value as { readonly [key: string]: Json }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** Binds a caller's idempotency key, within `scope` (account, mode, endpoint), to the content of the request. */
export function claimOf(
  scope: readonly string[],
  key: string,
  body: Json,
  expiresAt: number | null,
): IdempotencyClaim {
  return {
    digest: hash('sha256', [...scope, key].join('\0'), 'hex'),
    fingerprint: hash('sha256', canonicalJson(body), 'hex'),
    expiresAt,
  };
}

/**
 * What an earlier request under the same key made, if there was one. Called before any other check, because a replay must succeed even if a
 * new request would be refused.
 *
 * @throws GenlockError `idempotency_conflict` if that request had other content
 */
export async function findReplay(core: Core, claim: IdempotencyClaim): Promise<string | undefined> {
  const record = await core.store.idempotencyRecord(claim.digest, core.now());
  if (record === undefined) return undefined;
  if (record.fingerprint !== claim.fingerprint) throw new GenlockError('idempotency_conflict');
  return record.targetId;
}
