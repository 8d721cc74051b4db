import { parentPort, workerData } from 'node:worker_threads';
import { DatasetError } from '../../../domain/dataset.ts';
import { type TrainingJob, type TrainingState, train } from './train.ts';

/** A message of the worker: its progress, then the model, or the error in the dataset. */
export type TrainingMessage =
  | { readonly kind: 'state'; readonly state: TrainingState }
  | { readonly kind: 'done'; readonly state: TrainingState; readonly model: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'refused'; readonly message: string };

/** Often enough for people, and for charging what was trained before a cancel. */
const TELL_EVERY_MS = 50;

function work(job: TrainingJob): void {
  const say = (message: TrainingMessage, transfer: ArrayBuffer[] = []): void =>
    parentPort?.postMessage(message, transfer);
  try {
    const training = train(job, () => performance.now());
    let told = Number.NEGATIVE_INFINITY;
    for (;;) {
      const next = training.next();
      if (next.done === true) {
        const model = new TextEncoder().encode(next.value.model);
        say({ kind: 'done', state: next.value.state, model }, [model.buffer]);
        return;
      }
      if (performance.now() - told < TELL_EVERY_MS) continue;
      told = performance.now();
      say({ kind: 'state', state: next.value });
    }
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    say({ kind: 'refused', message: error.message });
  }
}

work(workerData as TrainingJob);
