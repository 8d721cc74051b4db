import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { isOwn } from '../../gateway/accounts/own.ts';
import { about } from '../../gateway/call-context.ts';
import type { Core } from '../../gateway/core.ts';
import type { Asset, Delivery, WebhookEndpoint } from '../../store/port.ts';
import { NAME } from './links.ts';

/*
 * What a caller may see here: everything of the account in the mode of the key, whatever dialect it was made in. Anything else counts as
 * not found.
 */

/** @throws GenlockError `not_found` */
export async function ownGeneration(core: Core, caller: Caller, id: string): Promise<Generation> {
  const generation = await core.store.generation(id);
  if (!isOwn(caller, generation) || generation.deletedAt !== null)
    throw new GenlockError('not_found', 'There is no such generation.');
  return about(caller, generation);
}

export async function findAsset(core: Core, caller: Caller, id: string): Promise<Asset | undefined> {
  const asset = await core.store.asset(id);
  return isOwn(caller, asset) && asset.expiresAt > core.now() ? asset : undefined;
}

/** @throws GenlockError `not_found` */
export async function ownDelivery(core: Core, caller: Caller, id: string): Promise<Delivery> {
  const delivery = await core.store.delivery(id);
  if (!isOwn(caller, delivery)) throw new GenlockError('not_found', 'There is no such webhook delivery.');
  return delivery;
}

/** Endpoints get events of both modes, so they belong to the account alone. @throws GenlockError `not_found` */
export async function ownEndpoint(core: Core, { account }: Caller, id: string): Promise<WebhookEndpoint> {
  const endpoint = await core.store.endpoint(id);
  if (endpoint === undefined || endpoint.accountId !== account.id || endpoint.dialect !== NAME)
    throw new GenlockError('not_found', 'There is no such webhook endpoint.');
  return endpoint;
}
