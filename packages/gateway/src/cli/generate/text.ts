import { writeFile } from 'node:fs/promises';
import { type Client, type Generation, GenerationError } from '@genlock/client';
import { CommandFailure, explain } from '../failure.ts';
import type { Interrupt } from '../interrupt.ts';
import { type Job, keptText, orderAndWait } from './job.ts';

export interface WrittenText {
  readonly generation: Generation;
  readonly text: string;
}

const SETTLE_MS = 10_000;
const POLL_MS = 100;

/**
 * Writes text to stdout, piece by piece.
 *
 * @throws GenerationError; CommandFailure if it was interrupted, with the cost
 */
export async function streamToStdout(
  { client, order, once: { idempotencyKey }, timeoutMs }: Job,
  { signal: interrupted }: Interrupt,
): Promise<Generation> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const broken = new AbortController();
  const onError = (error: Error): void => broken.abort(error);
  // Every failing write also emits an error event.
  process.stdout.on('error', onError);
  const signal = AbortSignal.any([interrupted, deadline, broken.signal]);
  let generation: Generation | undefined;
  let wrote = false;
  const write = (text: string): void => {
    if (broken.signal.aborted) return;
    process.stdout.write(text);
    wrote = true;
  };
  const whyStopped = (): string => {
    if (interrupted.aborted) return 'interrupted';
    if (broken.signal.aborted) return `stdout cannot be written (${explain(broken.signal.reason)})`;
    return `not finished after ${timeoutMs / 1000} s`;
  };
  try {
    for await (const event of client.generations.streamText(order, { idempotencyKey, signal })) {
      if (event.type === 'delta') write(event.text);
      else if (event.type === 'tool_calls') write(JSON.stringify(event.calls));
      else {
        ({ generation } = event);
        // The stream is a replay of an earlier call under this key, which already received the text, so it has no pieces.
        if (event.type === 'ended' && event.finishReason === null) write(textOf(generation));
      }
    }
  } catch (error) {
    if (wrote && !broken.signal.aborted) process.stdout.write('\n');
    if (GenerationError.isInstance(error) || !signal.aborted) throw error;
    throw new CommandFailure(await stoppedText(whyStopped(), client, generation));
  }
  process.stdout.write('\n');
  // A stream without an end would have thrown.
  if (generation === undefined) throw new Error('a stream without events');
  return generation;
}

/** Writes the whole text at once, which can be fetched again with its key. @throws as {@link streamToStdout} */
export async function writeText(
  job: Job,
  path: string | undefined,
  force: boolean,
  { signal }: Interrupt,
): Promise<WrittenText> {
  const generation = await orderAndWait(job, signal);
  const text = textOf(generation);
  if (path !== undefined)
    await writeFile(path, `${text}\n`, { flag: force ? 'w' : 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw new CommandFailure(keptText(`${path} cannot be written (${error.code})`, generation, job.once));
    });
  return { generation, text };
}

function textOf({ id, output, cost }: Generation): string {
  if (output !== null && output.text !== null) return output.text;
  throw new CommandFailure(
    `the text of ${id} was streamed to the call that ordered it, and is not stored (charged $${cost.charged_usd}). To order a new text, leave out --idempotency-key`,
  );
}

/** The message for a stopped stream. What was streamed is charged, and the amount is known once the server has counted it. */
async function stoppedText(
  what: string,
  client: Client,
  generation: Generation | undefined,
): Promise<string> {
  if (generation === undefined) return `${what} before the first word; if any was written, it is charged`;
  const { id } = generation;
  const signal = AbortSignal.timeout(SETTLE_MS);
  try {
    for (;;) {
      const { finished_at, cost } = await client.generations.get(id, { signal });
      if (finished_at !== null) return `${what}: what ${id} had written is charged, $${cost.charged_usd}`;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } catch {
    return `${what}: what ${id} had written is charged`;
  }
}
