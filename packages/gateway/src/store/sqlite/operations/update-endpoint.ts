import type { EndpointPatch, EndpointSecret, WebhookEndpoint } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type EndpointRow, toEndpoint } from '../rows/webhooks.ts';

/** As with updateAccount: read, merged and written under one write lock. */
export function updateEndpoint(
  db: Connection,
  { id, patch }: { id: string; patch: EndpointPatch },
): WebhookEndpoint | undefined {
  const row = db.get<EndpointRow>('SELECT * FROM webhook_endpoints WHERE id = ?', id);
  if (row === undefined) return undefined;
  const current = toEndpoint(row);
  const { newSecret, ...fields } = patch;
  const secrets = newSecret === undefined ? current.secrets : rotated(current.secrets, newSecret);
  const endpoint: WebhookEndpoint = { ...current, ...fields, secrets };
  db.run(
    'UPDATE webhook_endpoints SET url = ?, events = ?, secrets = ?, status = ? WHERE id = ?',
    endpoint.url,
    JSON.stringify(endpoint.events),
    JSON.stringify(endpoint.secrets),
    endpoint.status,
    id,
  );
  return endpoint;
}

function rotated(
  [current]: readonly EndpointSecret[],
  { sealed, oldUntil }: NonNullable<EndpointPatch['newSecret']>,
): readonly EndpointSecret[] {
  const fresh = { sealed, expiresAt: null };
  return current === undefined || oldUntil === null ? [fresh] : [fresh, { ...current, expiresAt: oldUntil }];
}
