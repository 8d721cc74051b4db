import type { JobSource, WaitOptions } from '../job-source.ts';
import type { CallOptions, KeyedCallOptions } from '../options.ts';
import { segment, type Transport } from '../transport.ts';
import { waitFor } from '../wait-for.ts';
import type {
  LlmtuneAcceptedBatch,
  LlmtuneBatch,
  LlmtuneBatchOrder,
  LlmtuneCompletedTraining,
  LlmtuneStartedTraining,
  LlmtuneTraining,
  LlmtuneTrainingOrder,
} from './types.ts';

export interface LlmtuneBatches {
  /** For `waitFor(llmtune.batches, id)`. */
  readonly source: JobSource<'llmtune', LlmtuneBatch>;
  create(order: LlmtuneBatchOrder, options?: KeyedCallOptions): Promise<LlmtuneAcceptedBatch>;
  get(batchId: string, options?: CallOptions): Promise<LlmtuneBatch>;
  /** A failed item does not fail the batch: check `results`. @throws as `waitFor` */
  wait(
    batch: LlmtuneAcceptedBatch | LlmtuneBatch | string,
    options?: WaitOptions<LlmtuneBatch>,
  ): Promise<LlmtuneBatch>;
}

export interface LlmtuneTrainings {
  /** For `waitFor(llmtune.training, id)`. */
  readonly source: JobSource<'llmtune', LlmtuneTraining, LlmtuneCompletedTraining>;
  start(order: LlmtuneTrainingOrder, options?: KeyedCallOptions): Promise<LlmtuneStartedTraining>;
  get(jobId: string, options?: CallOptions): Promise<LlmtuneTraining>;
  /** What was trained until now is charged. */
  cancel(
    jobId: string,
    options?: CallOptions,
  ): Promise<{ readonly success: true; readonly jobId: string; readonly status: string }>;
  /** @throws as `waitFor` */
  wait(
    job: LlmtuneStartedTraining | LlmtuneTraining | string,
    options?: WaitOptions<LlmtuneTraining>,
  ): Promise<LlmtuneCompletedTraining>;
}

const HOUR_MS = 60 * 60_000;

/** The contract gives no advice; such jobs take minutes to hours. */
const intervalMs = (elapsedMs: number) => Math.min(30_000, 2_000 + elapsedMs / 10);

export function llmtuneBatches({ dialect, json }: Transport<'llmtune'>): LlmtuneBatches {
  const one = (id: string) => `/v1/batch/${segment(id)}`;
  const batches: LlmtuneBatches = {
    source: {
      dialect,
      idOf: ({ batchId }) => batchId,
      stateOf({ status }) {
        switch (status) {
          case 'queued':
          case 'running':
          case 'failed':
            return status;
          case 'completed':
            return 'succeeded';
          default:
            status satisfies never;
            return undefined;
        }
      },
      progressOf: ({ summary: { accepted, completed, failed } }) =>
        accepted === 0 ? undefined : (100 * (completed + failed)) / accepted,
      read: (id, { signal }) => json({ path: one(id), signal, once: true }),
      intervalMs,
      timeoutMs: HOUR_MS,
    },
    create: (order, options) =>
      json({ ...options, method: 'POST', path: '/v1/batch/inference', json: order }),
    get: async (id, options) => json({ ...options, path: one(id) }),
    wait: (batch, options) =>
      waitFor(batches, typeof batch === 'string' || 'results' in batch ? batch : batch.batchId, options),
  };
  return batches;
}

export function llmtuneTrainings({ dialect, json }: Transport<'llmtune'>): LlmtuneTrainings {
  const one = (id: string) => `/api/training/${segment(id)}`;
  const trainings: LlmtuneTrainings = {
    source: {
      dialect,
      idOf: ({ jobId }) => jobId,
      stateOf({ status }) {
        switch (status) {
          case 'pending':
            return 'queued';
          case 'training':
            return 'running';
          case 'completed':
            return 'succeeded';
          case 'failed':
            return 'failed';
          case 'cancelled':
            return 'canceled';
          default:
            status satisfies never;
            return undefined;
        }
      },
      progressOf: ({ progress }) => progress,
      read: (id, { signal }) => json({ path: one(id), signal, once: true }),
      intervalMs,
      timeoutMs: 24 * HOUR_MS,
      canceledCosts: true,
    },
    start: (order, options) =>
      json({ ...options, method: 'POST', path: '/api/fine-tune/training/start', json: order }),
    get: async (id, options) => json({ ...options, path: one(id) }),
    cancel: async (id, options) => json({ ...options, method: 'POST', path: `${one(id)}/cancel` }),
    wait: (job, options) =>
      waitFor(trainings, typeof job === 'string' || 'progress' in job ? job : job.jobId, options),
  };
  return trainings;
}
