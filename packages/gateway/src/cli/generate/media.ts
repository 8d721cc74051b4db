import { writeFile } from 'node:fs/promises';
import type { Asset, Client, Generation, Kind, Order, SucceededGeneration } from '@genlock/client';
import { CommandFailure } from '../failure.ts';
import type { Interrupt } from '../interrupt.ts';
import { type Screen, type Stage, showProgress } from '../progress.ts';
import { againFlags, type OrderOnce } from './failure.ts';
import type { OutputPlan } from './output-plan.ts';
import type { Saved } from './report.ts';

export interface MediaJob {
  readonly client: Client;
  readonly order: Order;
  readonly once: OrderOnce;
  readonly plan: OutputPlan;
  readonly force: boolean;
  readonly timeoutMs: number;
}

/** Bars of kinds that tell no percentage creep at the pace of such work. */
const EASE_MS: Readonly<Partial<Record<Kind, number>>> = { image: 5_000, video: 40_000 };
const CANCEL_MS = 10_000;

/**
 * Orders work, waits for its end and saves its files.
 *
 * @throws GenerationError; CommandFailure when it was interrupted, or when a file cannot be kept
 */
export async function makeMedia(
  job: MediaJob,
  kind: Kind,
  interrupt: Interrupt,
  screen: Screen,
): Promise<{ generation: SucceededGeneration; saved: readonly Saved[] }> {
  const { client, order, once, timeoutMs } = job;
  const { signal } = interrupt;
  const progress = showProgress(screen, Date.now, EASE_MS[kind]);
  const { at } = progress.track(kind);
  try {
    at('submitting');
    // Not with the signal: whether the order was taken has to be known, to cancel it.
    const { idempotencyKey } = once;
    const made = await client.generations.create(order, { idempotencyKey });
    const generation = await client.generations
      .wait(made, {
        signal,
        timeoutMs,
        onProgress: ({ state, percent }) => at(stageOf(state), percent),
      })
      .catch(async (error: unknown) => {
        if (!signal.aborted) throw error;
        progress.stop();
        throw new CommandFailure(await interruptedText(client, made, once));
      });
    at('downloading');
    const saved = await save(job, generation, signal).catch((error: unknown) => {
      throw signal.aborted ? new CommandFailure(keptText('interrupted', generation, once)) : error;
    });
    at('saved');
    return { generation, saved };
  } finally {
    progress.stop();
  }
}

function stageOf(state: string | undefined): Stage {
  return state === 'queued' ? 'queued' : 'processing';
}

/** Cancels, and says what became of it. */
async function interruptedText(client: Client, { id }: Generation, once: OrderOnce): Promise<string> {
  const signal = AbortSignal.timeout(CANCEL_MS);
  try {
    const ended = await client.generations
      .cancel(id, { signal })
      // It may have ended just now.
      .catch(() => client.generations.get(id, { signal }));
    if (ended.status === 'canceled')
      return `interrupted: ${id} is canceled, charged $${ended.cost.charged_usd}`;
    return keptText('interrupted', ended, once);
  } catch {
    return `interrupted, and ${id} could not be canceled: it goes on and may be charged. Its files come with ${againFlags(once)}`;
  }
}

function keptText(what: string, { id, status, cost }: Generation, once: OrderOnce): string {
  return `${what}: ${id} ${status}, charged $${cost.charged_usd}. Its files are kept on the server: the same order with ${againFlags(once)} fetches them and costs nothing more`;
}

async function save(
  { client, plan, force, once }: MediaJob,
  generation: SucceededGeneration,
  signal: AbortSignal,
): Promise<readonly Saved[]> {
  const { assets } = generation.output;
  const paths = plan.paths(assets.length);
  const saved: Saved[] = [];
  for (const [index, asset] of assets.entries()) {
    const bytes = await client.assets.download(asset, { signal });
    const path = paths?.[index] ?? null;
    await keep(path, bytes, force).catch((error: NodeJS.ErrnoException) => {
      throw new CommandFailure(
        keptText(`${path ?? 'stdout'} cannot be written (${error.code})`, generation, once),
      );
    });
    saved.push({ path, asset } satisfies { path: string | null; asset: Asset });
  }
  return saved;
}

/** Never over a file that came there meanwhile. */
async function keep(path: string | null, bytes: Uint8Array, force: boolean): Promise<void> {
  if (path !== null) return writeFile(path, bytes, { flag: force ? 'w' : 'wx' });
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
