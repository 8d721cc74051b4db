import type { ApiKey } from '../../port.ts';
import type { Connection } from '../connection.ts';

/** Unknown hashes are not cached, so a new key needs no {@link markAccessChange}. */
export function createKey(db: Connection, { key, sha256 }: { key: ApiKey; sha256: string }): void {
  db.run(
    `INSERT INTO api_keys
       (id, account_id, dialect, mode, name, prefix, status, allowed_origins, allowed_ips, limits, created_at, sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    key.id,
    key.accountId,
    key.dialect,
    key.mode,
    key.name,
    key.prefix,
    key.status,
    JSON.stringify(key.allowedOrigins),
    JSON.stringify(key.allowedIps),
    JSON.stringify(key.limits),
    key.createdAt,
    sha256,
  );
}
