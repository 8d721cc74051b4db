import { type ApiKey, type KeyPatch, mergeLimits } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type KeyRow, toKey } from '../rows/accounts.ts';
import { markAccessChange } from './access-revision.ts';

/** As with updateAccount: read, merged and written under one write lock. */
export function updateKey(
  db: Connection,
  { id, patch }: { id: string; patch: KeyPatch },
): ApiKey | undefined {
  const row = db.get<KeyRow>('SELECT * FROM api_keys WHERE id = ?', id);
  if (row === undefined) return undefined;
  const current = toKey(row);
  // Revoking is final: whoever revoked a key relies on its never working again.
  if (current.status === 'revoked' && (patch.status ?? 'revoked') !== 'revoked') return current;
  const { limits = {}, ...fields } = patch;
  const key: ApiKey = { ...current, ...fields, limits: mergeLimits(current.limits, limits) };
  db.run(
    'UPDATE api_keys SET name = ?, status = ?, allowed_origins = ?, allowed_ips = ?, limits = ? WHERE id = ?',
    key.name,
    key.status,
    JSON.stringify(key.allowedOrigins),
    JSON.stringify(key.allowedIps),
    JSON.stringify(key.limits),
    id,
  );
  markAccessChange(db);
  return key;
}
