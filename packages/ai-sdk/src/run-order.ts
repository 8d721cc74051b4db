import type { Asset, Generation, Order, SucceededGeneration } from '@genlock/client';
import { type Circumstances, type Phase, toApiError } from './api-error.ts';
import type { CallPlan } from './call-options.ts';
import type { Shop } from './settings.ts';

/** Runs `act` and converts its errors into errors of the SDK. */
export async function telling<T>(circumstances: Circumstances, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    throw toApiError(thrown, circumstances);
  }
}

export interface PlacedOrder {
  readonly generation: Generation;
  /** The circumstances for errors that occur later in this order. */
  at(phase: Phase): Circumstances;
}

/**
 * Places an order. An abort returns at once; the order, which may already be on its way, is canceled afterwards as soon as its id is known.
 *
 * @throws APICallError, or the reason of the signal
 */
export async function placeOrder(shop: Shop, plan: CallPlan, body: Order): Promise<PlacedOrder> {
  const { idempotencyKey, headers, metadata, signal } = plan;
  const order: Order = { ...body, ...(metadata && { metadata }) };
  const at = (phase: Phase, generation?: Generation): Circumstances => ({
    phase,
    url: `${shop.baseURL}/generations`,
    order,
    generation,
    key: idempotencyKey,
  });
  signal?.throwIfAborted();
  const placing = shop.client.generations.create(order, { idempotencyKey, headers });
  const generation = await telling(at('order'), () =>
    unlessAborted(signal, placing, () => {
      if (shop.cancelOnAbort)
        placing.then(({ id }) => shop.client.generations.cancel(id)).catch(() => undefined);
    }),
  );
  return { generation, at: (phase) => at(phase, generation) };
}

/** Waits for the end. @throws APICallError, or the reason of the signal, which also cancels the work */
export async function finishOrder(
  shop: Shop,
  { signal, timeoutMs }: CallPlan,
  { generation, at }: PlacedOrder,
): Promise<SucceededGeneration> {
  return telling(at('after'), async () => {
    try {
      return await shop.client.generations.wait(generation, { signal, timeoutMs });
    } finally {
      if (signal?.aborted && shop.cancelOnAbort)
        shop.client.generations.cancel(generation.id).catch(() => undefined);
    }
  });
}

/** Downloads the files of a result. @throws APICallError */
export function downloadAll(
  shop: Shop,
  { signal }: CallPlan,
  circumstances: Circumstances,
  { output }: SucceededGeneration,
): Promise<readonly { readonly asset: Asset; readonly bytes: Uint8Array<ArrayBuffer> }[]> {
  return telling(circumstances, () =>
    Promise.all(
      output.assets.map(async (asset) => ({
        asset,
        bytes: await shop.client.assets.download(asset, { signal }),
      })),
    ),
  );
}

/** @throws the reason of the signal as soon as it fires, after calling `leave` */
function unlessAborted<T>(
  signal: AbortSignal | undefined,
  promise: Promise<T>,
  leave: () => void,
): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      leave();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
