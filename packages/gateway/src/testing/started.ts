import type { TestGateway } from './gateway.ts';

/** Waits until a worker has started a job. */
export async function started(gateway: TestGateway, id: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () =>
    void gateway.core.store.generation(id).then((one) => one?.status !== 'queued' && resolve(), resolve);
  const unsubscribe = gateway.core.store.subscribe(look);
  look();
  await promise;
  unsubscribe();
}
