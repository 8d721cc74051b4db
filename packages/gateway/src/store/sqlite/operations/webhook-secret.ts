import type { Mode } from '../../../domain/generation.ts';
import type { Connection } from '../connection.ts';

interface SecretScope {
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly sealed: string;
}

/** The existing secret, or else `sealed`. If two callers come first at the same time, both get the one that was stored. */
export function webhookSecret(db: Connection, { accountId, dialect, mode, sealed }: SecretScope): string {
  db.run(
    'INSERT INTO webhook_secrets (account_id, dialect, mode, sealed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    accountId,
    dialect,
    mode,
    sealed,
  );
  return findWebhookSecret(db, accountId, dialect, mode) ?? sealed;
}

export function replaceWebhookSecret(
  db: Connection,
  { accountId, dialect, mode, sealed }: SecretScope,
): void {
  db.run(
    'INSERT OR REPLACE INTO webhook_secrets (account_id, dialect, mode, sealed) VALUES (?, ?, ?, ?)',
    accountId,
    dialect,
    mode,
    sealed,
  );
}

export function findWebhookSecret(
  db: Connection,
  accountId: string,
  dialect: string,
  mode: Mode,
): string | undefined {
  return db.get<{ sealed: string }>(
    'SELECT sealed FROM webhook_secrets WHERE account_id = ? AND dialect = ? AND mode = ?',
    accountId,
    dialect,
    mode,
  )?.sealed;
}
