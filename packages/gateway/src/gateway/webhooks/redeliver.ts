import { GenlockError } from '../../domain/error.ts';
import type { Delivery } from '../../store/port.ts';
import type { Core } from '../core.ts';

/** The webhooks of a generation, oldest first. @throws GenlockError `not_found` */
export async function deliveriesOf(core: Core, generationId: string): Promise<readonly Delivery[]> {
  const deliveries = await core.store.deliveries(generationId);
  if (deliveries.length === 0 && (await core.store.generation(generationId)) === undefined)
    throw new GenlockError('not_found', 'No such generation.');
  return deliveries;
}

/** Sends a webhook again now, whatever its state was. @throws GenlockError `not_found` */
export async function redeliver(core: Core, deliveryId: string): Promise<Delivery> {
  const delivery = await core.store.redeliver(deliveryId, core.now());
  if (delivery === undefined) throw new GenlockError('not_found', 'No such webhook delivery.');
  return delivery;
}
