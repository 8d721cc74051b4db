import { writeFile } from 'node:fs/promises';
import type { Kind, SucceededGeneration } from '@genlock/client';
import { CommandFailure, explain } from '../failure.ts';
import type { Interrupt } from '../interrupt.ts';
import { type Screen, showProgress } from '../progress.ts';
import { type Job, keptText, orderAndWait } from './job.ts';
import type { OutputPlan } from './output-plan.ts';
import type { Saved } from './report.ts';

export interface MediaJob extends Job {
  readonly plan: OutputPlan;
  readonly force: boolean;
}

/** For kinds that report no percentage, the bar moves at the usual pace of such work. */
const EASE_MS: Readonly<Partial<Record<Kind, number>>> = { image: 5_000, video: 40_000 };

/**
 * Orders work, waits for its end and saves its files.
 *
 * @throws GenerationError; CommandFailure if it was interrupted or a file cannot be saved
 */
export async function makeMedia(
  job: MediaJob,
  kind: Kind,
  interrupt: Interrupt,
  screen: Screen,
): Promise<{ generation: SucceededGeneration; saved: readonly Saved[] }> {
  const { signal } = interrupt;
  const progress = showProgress(screen, Date.now, EASE_MS[kind]);
  const { at } = progress.track(kind);
  try {
    at('submitting');
    const generation = await orderAndWait(job, signal, ({ state, percent }) =>
      at(state === 'queued' ? 'queued' : 'processing', percent),
    );
    at('downloading');
    const saved = await save(job, generation, signal).catch((error: unknown) => {
      if (error instanceof CommandFailure) throw error;
      const what = signal.aborted ? 'interrupted' : `its files could not be fetched: ${explain(error)}`;
      throw new CommandFailure(keptText(what, generation, job.once));
    });
    at('saved');
    return { generation, saved };
  } finally {
    progress.stop();
  }
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
    saved.push({ path, asset });
  }
  return saved;
}

/** Never overwrites a file that appeared there in the meantime. */
async function keep(path: string | null, bytes: Uint8Array, force: boolean): Promise<void> {
  if (path !== null) return writeFile(path, bytes, { flag: force ? 'w' : 'wx' });
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
