import { GenlockError } from '../domain/error.ts';
import type { Attempt, Generation } from '../domain/generation.ts';
import type { Asset, Delivery, Transfer } from '../store/port.ts';
import type { Core } from './core.ts';

/** Everything that is known of a generation. For the operator only: attempts contain the providers' own words. */
export interface GenerationDetail {
  readonly generation: Generation;
  readonly attempts: readonly Attempt[];
  readonly transfers: readonly Transfer[];
  readonly assets: readonly Asset[];
  readonly deliveries: readonly Delivery[];
}

/** @throws GenlockError `not_found` */
export async function generationDetail(core: Core, id: string): Promise<GenerationDetail> {
  const { store } = core;
  const generation = await store.generation(id);
  if (generation === undefined) throw new GenlockError('not_found', 'No such generation.');
  const [attempts, transfers, assets, deliveries] = await Promise.all([
    store.attempts(id),
    store.transfersOf(id),
    store.assetsOf(id),
    store.deliveries(id),
  ]);
  return { generation, attempts, transfers, assets, deliveries };
}
