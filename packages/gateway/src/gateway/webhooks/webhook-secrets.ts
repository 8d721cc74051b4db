import { randomBytes } from 'node:crypto';
import { GenlockError } from '../../domain/error.ts';
import type { Mode } from '../../domain/generation.ts';
import type { Delivery, EndpointSecret, WebhookEndpoint } from '../../store/port.ts';
import { findAccount } from '../accounts/accounts.ts';
import type { Core, SecretBox } from '../core.ts';
import { newId } from '../ids.ts';

/** The one secret by which a dialect signs for an account in a mode. */
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

/** `whsec_` and standard base64: the form of Standard Webhooks, which decodes what is behind the prefix. */
function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * The account's secret, made when it is first asked for.
 *
 * @throws GenlockError `not_found` (no such account), `invalid_parameter` (the dialect signs nothing with it)
 */
export async function accountSecret(core: Core, box: SecretBox, scope: SecretScope): Promise<string> {
  checkIsUsed(core, scope);
  await findAccount(core, scope.accountId);
  return scopedSecret(core, box, scope);
}

/** Webhooks are signed with the new one from the next attempt on. @throws GenlockError as {@link accountSecret} */
export async function rotateAccountSecret(core: Core, box: SecretBox, scope: SecretScope): Promise<string> {
  checkIsUsed(core, scope);
  const { accountId, dialect, mode } = scope;
  await findAccount(core, accountId);
  const secret = newWebhookSecret();
  await core.store.replaceWebhookSecret(accountId, dialect, mode, box.seal(secret, scopeContext(scope)));
  return secret;
}

/** A secret that nothing is signed with would have its receiver refuse everything, or believe that all is checked. */
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
 * Sets up a receiver of an account's events, with a secret of its own that is shown once.
 *
 * @throws GenlockError `not_found` (no such account), `invalid_parameter` (the URL may not be called, or the dialect has no such
 *   receivers)
 */
export async function createEndpoint(
  core: Core,
  box: SecretBox,
  { accountId, dialect, url, events }: NewEndpoint,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: string }> {
  await findAccount(core, accountId);
  const known = core.dialects.get(dialect)?.endpointEvents ?? [];
  if (known.length === 0)
    throw new GenlockError('invalid_parameter', 'This dialect sets up no webhooks for a whole account.', {
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
 * Gives an endpoint a new secret. Until `oldUntil` webhooks are signed with the one before, too, so that its owner has time to change;
 * one that was being replaced already is forgotten.
 *
 * @throws GenlockError `not_found` when the endpoint is gone
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
 * What a delivery is signed with: the secret that came with its job, else its endpoint's (the old one too while it is being
 * rotated), else the account's, which is made when there is none yet.
 *
 * @throws GenlockError `not_found` when the endpoint is gone
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

/** What a secret is sealed with that comes along with a job. */
export function jobSecretContext(accountId: string): string {
  return `job-secret:${accountId}`;
}

function endpointContext(id: string): string {
  return `webhook-endpoint:${id}`;
}
