import {
  type Client,
  type Generation,
  GenerationError,
  type Order,
  type Progress,
  type SucceededGeneration,
} from '@genlock/client';
import { CommandFailure, explain, sentence } from '../failure.ts';
import { againFlags, type OrderOnce } from './failure.ts';

/** An order, and how to place it. */
export interface Job {
  readonly client: Client;
  readonly order: Order;
  readonly once: OrderOnce;
  readonly timeoutMs: number;
}

const CANCEL_MS = 10_000;

/**
 * Places an order and waits for its end.
 *
 * @throws GenerationError of the order or the job; CommandFailure if it was interrupted (the job is then canceled, and the message gives
 * the cost) or if the job cannot be read
 */
export async function orderAndWait(
  { client, order, once, timeoutMs }: Job,
  interrupted: AbortSignal,
  onProgress?: (progress: Progress<Generation>) => void,
): Promise<SucceededGeneration> {
  const made = await place({ client, order, once, timeoutMs }, interrupted);
  try {
    return await client.generations.wait(made, { signal: interrupted, timeoutMs, onProgress });
  } catch (error) {
    if (interrupted.aborted) throw new CommandFailure(await cancel(client, made, once));
    // Without a status the error is that of the job; with one, of the request that asked for it.
    if (GenerationError.isInstance(error) && error.generationId !== null && error.status === null)
      throw error;
    throw new CommandFailure(
      `${made.id} was ordered, but cannot be read: ${sentence(explain(error))} It goes on and may be charged. To get its result, add ${againFlags(once)}`,
    );
  }
}

/** The longest that an interrupted user has to wait. To cancel the order, it must first be known whether it was accepted. */
const GRACE_MS = 5_000;

async function place({ client, order, once, timeoutMs }: Job, interrupted: AbortSignal): Promise<Generation> {
  const stop = new AbortController();
  let patience = setTimeout(() => stop.abort(), timeoutMs);
  const hurry = (): void => {
    clearTimeout(patience);
    patience = setTimeout(() => stop.abort(), GRACE_MS);
  };
  interrupted.addEventListener('abort', hurry, { once: true });
  if (interrupted.aborted) hurry();
  try {
    const { idempotencyKey } = once;
    return await client.generations.create(order, { idempotencyKey, signal: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    const what = interrupted.aborted ? 'interrupted' : `no answer within ${timeoutMs / 1000} s`;
    throw new CommandFailure(
      `${what}: the order may have been accepted and charged. The same command with ${againFlags(once)} finds or makes it, and is paid once`,
    );
  } finally {
    clearTimeout(patience);
    interrupted.removeEventListener('abort', hurry);
  }
}

/** Cancels the job and returns what became of it. */
async function cancel(client: Client, { id }: Generation, once: OrderOnce): Promise<string> {
  const signal = AbortSignal.timeout(CANCEL_MS);
  try {
    const ended = await client.generations
      .cancel(id, { signal })
      // Canceling fails if the job has just ended.
      .catch(() => client.generations.get(id, { signal }));
    if (ended.status !== 'canceled') return keptText('interrupted', ended, once);
    return `interrupted: ${id} is canceled, charged $${ended.cost.charged_usd}`;
  } catch {
    return `interrupted, and ${id} could not be canceled: it goes on and may be charged. Its result comes with ${againFlags(once)}`;
  }
}

/** The message for work whose result did not arrive here. */
export function keptText(what: string, { id, status, cost }: Generation, once: OrderOnce): string {
  const how = `${what.replace(/\.$/, '')}: ${id} ${status}, charged $${cost.charged_usd}.`;
  return `${how} Its result is kept on the server: the same order with ${againFlags(once)} fetches it and costs nothing more`;
}
