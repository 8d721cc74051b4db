import {
  type Client,
  type Generation,
  GenerationError,
  type Order,
  type Progress,
  type SucceededGeneration,
} from '@genlock/client';
import { CommandFailure, explain } from '../failure.ts';
import { againFlags, type OrderOnce } from './failure.ts';

/** An order, and how it is placed. */
export interface Job {
  readonly client: Client;
  readonly order: Order;
  readonly once: OrderOnce;
  readonly timeoutMs: number;
}

const CANCEL_MS = 10_000;

/**
 * Orders work and waits for its end.
 *
 * @throws GenerationError of the order or the job; CommandFailure when it was interrupted (it is canceled then, and what that cost is said), or
 *   when the job cannot be asked for
 */
export async function orderAndWait(
  { client, order, once, timeoutMs }: Job,
  interrupted: AbortSignal,
  onProgress?: (progress: Progress<Generation>) => void,
): Promise<SucceededGeneration> {
  const { idempotencyKey } = once;
  // Not with the signal: whether the order was taken has to be known, to cancel it.
  const made = await client.generations.create(order, { idempotencyKey });
  try {
    return await client.generations.wait(made, { signal: interrupted, timeoutMs, onProgress });
  } catch (error) {
    if (interrupted.aborted) throw new CommandFailure(await cancel(client, made, once));
    if (GenerationError.isInstance(error) && error.generationId !== null) throw error;
    throw new CommandFailure(
      `${made.id} is ordered, but cannot be asked for: ${explain(error)} It goes on and may be charged. Its result comes with ${againFlags(once)}`,
    );
  }
}

/** Cancels, and says what became of it. */
async function cancel(client: Client, { id }: Generation, once: OrderOnce): Promise<string> {
  const signal = AbortSignal.timeout(CANCEL_MS);
  try {
    const ended = await client.generations
      .cancel(id, { signal })
      // It may have ended just now.
      .catch(() => client.generations.get(id, { signal }));
    if (ended.status !== 'canceled') return keptText('interrupted', ended, once);
    return `interrupted: ${id} is canceled, charged $${ended.cost.charged_usd}`;
  } catch {
    return `interrupted, and ${id} could not be canceled: it goes on and may be charged. Its result comes with ${againFlags(once)}`;
  }
}

/** Of work whose result did not get here. */
export function keptText(what: string, { id, status, cost }: Generation, once: OrderOnce): string {
  const how = `${what}: ${id} ${status}, charged $${cost.charged_usd}.`;
  return `${how} Its result is kept on the server: the same order with ${againFlags(once)} fetches it and costs nothing more`;
}
