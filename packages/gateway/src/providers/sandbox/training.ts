import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { GenlockError } from '../../domain/error.ts';
import type { TrainingRequest } from '../../domain/request.ts';
import type { Delivered, ProviderCall } from '../port.ts';
import type { TrainingJob } from './text/train.ts';
import type { TrainingMessage } from './text/training-worker.ts';
import { Turns } from './turns.ts';

const ENTRY = new URL('./text/training-worker.ts', import.meta.url);
/** One core stays free for the gateway itself. */
const turns = new Turns(Math.max(1, availableParallelism() - 1));
/** More than the largest model needs. */
const MAX_HEAP_MB = 1024;

/**
 * Trains the n-gram model on the dataset, in a thread of its own, and delivers it as one file.
 *
 * @throws GenlockError `media_unreadable` if the dataset cannot be fetched, was not counted, or is invalid; `upstream_failed` if the thread
 * dies
 */
export async function trainModel(call: ProviderCall, request: TrainingRequest): Promise<Delivered> {
  // Turns are scarcer than the worker's places, so the place is given up while waiting for one. The dataset is in memory only during the
  // turn.
  const { rest = (wait) => wait() } = call;
  const done = await rest(() => turns.take(() => trainNow(call, request), call.signal));
  const { totalTokens } = done.state.metrics;
  return {
    outputs: [{ bytes: done.model, contentType: 'application/json' }],
    usage: { inputTokens: totalTokens, outputTokens: 0 },
  };
}

async function trainNow(call: ProviderCall, request: TrainingRequest): Promise<Done> {
  const dataset = await call.fetchSource(request.datasetUrl).catch((cause: unknown) => {
    throw unreadable('The dataset could not be fetched.', cause);
  });
  if (request.datasetTokens === 0)
    throw unreadable('The dataset could not be counted when the job was submitted.');
  const { epochs, batchSize, learningRate, datasetTokens } = request;
  return runTraining({ dataset, datasetTokens, epochs, batchSize, learningRate }, call);
}

type Done = Extract<TrainingMessage, { kind: 'done' }>;

async function runTraining(job: TrainingJob, { tell, signal }: ProviderCall): Promise<Done> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Done>();
  const worker = new Worker(ENTRY, {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', (message: TrainingMessage) => {
    if (message.kind === 'refused') {
      reject(unreadable(message.message));
      return;
    }
    tell(message.state);
    if (message.kind === 'done') resolve(message);
  });
  worker.on('error', (cause) => reject(failed(cause)));
  worker.on('exit', (code) => reject(failed(new Error(`the training thread ended with code ${code}`))));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function unreadable(message: string, cause?: unknown): GenlockError {
  return new GenlockError('media_unreadable', message, {
    cause,
    ...(cause !== undefined && { raw: String(cause) }),
  });
}

function failed(cause: unknown): GenlockError {
  return new GenlockError('upstream_failed', undefined, { cause, raw: String(cause) });
}
