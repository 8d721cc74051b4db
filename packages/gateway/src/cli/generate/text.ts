import { writeFile } from 'node:fs/promises';
import type { Client, Generation, Order } from '@genlock/client';
import { CommandFailure } from '../failure.ts';
import type { Interrupt } from '../interrupt.ts';
import { againFlags, type OrderOnce } from './failure.ts';

export interface TextJob {
  readonly client: Client;
  readonly order: Order;
  readonly once: OrderOnce;
  readonly timeoutMs: number;
}

export interface WrittenText {
  readonly generation: Generation;
  readonly text: string;
}

const SETTLE_MS = 10_000;
const POLL_MS = 100;

/**
 * Text to stdout, piece by piece.
 *
 * @throws GenerationError; CommandFailure when it was interrupted, which says what it cost
 */
export async function streamToStdout(
  { client, order, once: { idempotencyKey }, timeoutMs }: TextJob,
  { signal: interrupted }: Interrupt,
): Promise<Generation> {
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(timeoutMs)]);
  let generation: Generation | undefined;
  let wrote = false;
  try {
    for await (const event of client.generations.streamText(order, { idempotencyKey, signal })) {
      if (event.type === 'delta') process.stdout.write(event.text);
      else if (event.type === 'tool_calls') process.stdout.write(JSON.stringify(event.calls));
      else generation = event.generation;
      wrote ||= event.type === 'delta' || event.type === 'tool_calls';
    }
  } catch (error) {
    if (wrote) process.stdout.write('\n');
    if (interrupted.aborted) throw new CommandFailure(await interruptedText(client, generation));
    throw error;
  }
  // Without an end the stream would have thrown.
  if (generation === undefined) throw new Error('a stream without events');
  if (!wrote) process.stdout.write(textOf(generation));
  process.stdout.write('\n');
  return generation;
}

/** Text as a whole, which can be fetched again by its key. @throws as {@link streamToStdout} */
export async function writeText(
  { client, order, once, timeoutMs }: TextJob,
  path: string | undefined,
  force: boolean,
  { signal }: Interrupt,
): Promise<WrittenText> {
  const { idempotencyKey } = once;
  const generation = await client.generations
    .run(order, { idempotencyKey, signal, timeoutMs })
    .catch((error: unknown) => {
      throw signal.aborted
        ? new CommandFailure('interrupted: a text that nobody waits for is not charged')
        : error;
    });
  const text = textOf(generation);
  if (path !== undefined)
    await writeFile(path, `${text}\n`, { flag: force ? 'w' : 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw new CommandFailure(
        `${path} cannot be written (${error.code}). The text was charged $${generation.cost.charged_usd}; the same order with ${againFlags(once)} tells it again and costs nothing more`,
      );
    });
  return { generation, text };
}

function textOf({ id, output, cost }: Generation): string {
  if (output !== null && output.text !== null) return output.text;
  throw new CommandFailure(
    `the text of ${id} was streamed to the call that ordered it, and is not kept (charged $${cost.charged_usd}). Another text is another order: leave --idempotency-key out`,
  );
}

/** What was streamed is charged; how much that was is known when the server has counted it. */
async function interruptedText(client: Client, generation: Generation | undefined): Promise<string> {
  if (generation === undefined) return 'interrupted before the first word: nothing is charged';
  const { id } = generation;
  const deadline = AbortSignal.timeout(SETTLE_MS);
  try {
    for (;;) {
      const { finished_at, cost } = await client.generations.get(id, { signal: deadline });
      if (finished_at !== null) return `interrupted: what ${id} had written is charged, $${cost.charged_usd}`;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } catch {
    return `interrupted: what ${id} had written is charged`;
  }
}
