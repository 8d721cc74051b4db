import { randomBytes } from 'node:crypto';
import { GenlockError } from '../../domain/error.ts';
import type { Mode } from '../../domain/generation.ts';
import type { Delivery, EndpointSecret, WebhookEndpoint } from '../../store/port.ts';
import { findAccount } from '../accounts/accounts.ts';
import type { Core, SecretBox } from '../core.ts';
import { newId } from '../ids.ts';

/** What a secret is for: a dialect signs with one secret per account and mode. */
export interface SecretScope {
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
}

export interface NewEndpoint {
  readonly accountId: string;
  readonly dialect: string;
  readonly url: string;
  /** Empty: all events. */
  readonly events: readonly string[];
}

const SECRET_BYTES = 32;

/** `whsec_` and standard base64, the form of Standard Webhooks: the signing key is the decoded part after the prefix. */
function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * The account's secret, made when it is first asked for.
 *
 * @throws GenlockError `not_found` (no such account), `invalid_parameter` (the dialect signs nothing with such a secret)
 */
export async function accountSecret(core: Core, box: SecretBox, scope: SecretScope): Promise<string> {
  checkIsUsed(core, scope);
  await findAccount(core, scope.accountId);
  return scopedSecret(core, box, scope);
}

/** Replaces the secret. Webhooks are signed with the new one from their next attempt on. @throws GenlockError as {@link accountSecret} */
export async function rotateAccountSecret(core: Core, box: SecretBox, scope: SecretScope): Promise<string> {
  checkIsUsed(core, scope);
  const { accountId, dialect, mode } = scope;
  await findAccount(core, accountId);
  const secret = newWebhookSecret();
  await core.store.replaceWebhookSecret(accountId, dialect, mode, box.seal(secret, scopeContext(scope)));
  return secret;
}

/** With a secret that nothing is signed with, a receiver would refuse everything, or wrongly believe that everything is verified. */
function checkIsUsed({ dialects }: Core, { dialect }: SecretScope): void {
  const { accountSecret = false, endpointEvents = [] } = dialects.get(dialect) ?? {};
  if (accountSecret) return;
  const why =
    endpointEvents.length === 0
      ? 'This dialect has no webhooks.'
      : 'This dialect signs with the secret of each webhook endpoint: POST /admin/v1/accounts/{id}/webhook-endpoints tells it.';
  throw new GenlockError('invalid_parameter', why, { param: 'dialect' });
}

/**
 * Sets up a receiver of an account's events, with its own secret, which is shown once.
 *
 * @throws GenlockError `not_found` (no such account), `invalid_parameter` (the URL may not be called, or the dialect has no such receivers)
 */
export async function createEndpoint(
  core: Core,
  box: SecretBox,
  { accountId, dialect, url, events }: NewEndpoint,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: string }> {
  await findAccount(core, accountId);
  const known = core.dialects.get(dialect)?.endpointEvents ?? [];
  if (known.length === 0)
    throw new GenlockError('invalid_parameter', 'This dialect has no webhooks for a whole account.', {
      param: 'dialect',
    });
  for (const [index, event] of events.entries()) {
    if (!known.includes(event))
      throw new GenlockError(
        'invalid_parameter',
        `There is no event ${JSON.stringify(event)} in this dialect; there is ${known.join(', ')}.`,
        { param: `events[${index}]` },
      );
  }
  if (core.checkUrl(url) !== undefined)
    throw new GenlockError('invalid_parameter', 'This URL may not be called.', { param: 'url' });

  const createdAt = core.now();
  const id = newId('whe_', createdAt);
  const secret = newWebhookSecret();
  const endpoint: WebhookEndpoint = {
    id,
    accountId,
    dialect,
    url,
    events,
    secrets: [{ sealed: box.seal(secret, endpointContext(id)), expiresAt: null }],
    status: 'active',
    createdAt,
  };
  await core.store.createEndpoint(endpoint);
  return { endpoint, secret };
}

/**
 * Gives an endpoint a new secret. Until `oldUntil` webhooks are signed with the previous secret as well, so that its owner has time to
 * change. A secret from an earlier rotation that is still being replaced is dropped.
 *
 * @throws GenlockError `not_found` if the endpoint is gone
 */
export async function rotateEndpointSecret(
  core: Core,
  box: SecretBox,
  { id }: WebhookEndpoint,
  oldUntil: number,
): Promise<string> {
  const secret = newWebhookSecret();
  const sealed = box.seal(secret, endpointContext(id));
  const newSecret = { sealed, oldUntil: oldUntil <= core.now() ? null : oldUntil };
  const changed = await core.store.updateEndpoint(id, { newSecret });
  if (changed === undefined) throw new GenlockError('not_found', 'The webhook endpoint is gone.');
  return secret;
}

/**
 * The secrets that a delivery is signed with: the one that came with its job; else its endpoint's (with the old one during a rotation);
 * else the account's, which is made if there is none yet.
 *
 * @throws GenlockError `not_found` if the endpoint is gone
 */
export async function deliverySecrets(
  core: Core,
  box: SecretBox,
  delivery: Pick<Delivery, keyof SecretScope | 'id' | 'endpointId' | 'sealedSecret'>,
): Promise<[string, ...string[]]> {
  if (delivery.sealedSecret !== null)
    return [box.open(delivery.sealedSecret, jobSecretContext(delivery.accountId))];
  if (delivery.endpointId === null) return [await scopedSecret(core, box, delivery)];
  const endpoint = await core.store.endpoint(delivery.endpointId);
  if (endpoint === undefined) throw new GenlockError('not_found', 'The webhook endpoint is gone.');
  const open = ({ sealed }: EndpointSecret): string => box.open(sealed, endpointContext(endpoint.id));
  const [current, ...older] = endpoint.secrets.filter(
    ({ expiresAt }) => expiresAt === null || expiresAt > core.now(),
  );
  if (current === undefined) throw new GenlockError('not_found', 'The webhook endpoint has no secret.');
  return [open(current), ...older.map(open)];
}

async function scopedSecret(core: Core, box: SecretBox, scope: SecretScope): Promise<string> {
  const context = scopeContext(scope);
  const made = box.seal(newWebhookSecret(), context);
  return box.open(await core.store.webhookSecret(scope.accountId, scope.dialect, scope.mode, made), context);
}

function scopeContext({ accountId, dialect, mode }: SecretScope): string {
  return `webhook-secret:${accountId}:${dialect}:${mode}`;
}

/** The sealing context of a secret that comes with a job. */
export function jobSecretContext(accountId: string): string {
  return `job-secret:${accountId}`;
}

function endpointContext(id: string): string {
  return `webhook-endpoint:${id}`;
}
