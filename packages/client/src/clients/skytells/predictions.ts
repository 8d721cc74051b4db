import type { GenerationError } from '../../error.ts';
import { failureIn } from '../../parse.ts';
import type { JobSource, WaitOptions } from '../job-source.ts';
import type { CallOptions } from '../options.ts';
import { type List, listOf } from '../pages.ts';
import { segment, type Transport } from '../transport.ts';
import { waitFor } from '../wait-for.ts';
import type {
  SkytellsOrder,
  SkytellsPage,
  SkytellsPrediction,
  SkytellsStatus,
  SkytellsSucceededPrediction,
} from './types.ts';

export interface SkytellsListQuery extends CallOptions {
  /** 1 to 50, by default 20. */
  readonly perPage?: number;
  /** Days in UTC, `YYYY-MM-DD`; both are included. */
  readonly from?: string;
  readonly to?: string;
  readonly model?: string;
  readonly status?: SkytellsStatus;
}

export interface SkytellsPredictions {
  /** For `waitFor(skytells.predictions, id)`. */
  readonly source: JobSource<'skytells', SkytellsPrediction, SkytellsSucceededPrediction>;
  /** @throws GenerationError, also for a prediction that was waited for (`await`) and failed */
  create(order: SkytellsOrder, options?: CallOptions): Promise<SkytellsPrediction>;
  get(id: string, options?: CallOptions): Promise<SkytellsPrediction>;
  /** The same as `get`, by the path for streams: it returns plain JSON. */
  stream(id: string, options?: CallOptions): Promise<SkytellsPrediction>;
  /** Newest first. Pages are numbered, so new entries move older ones to the next page. */
  list(query?: SkytellsListQuery): List<SkytellsPrediction, SkytellsPage, number>;
  cancel(id: string, options?: CallOptions): Promise<SkytellsPrediction>;
  /** Permanently, together with its files. A running prediction is canceled first. */
  delete(id: string, options?: CallOptions): Promise<SkytellsPrediction>;
  /** @throws as `waitFor` */
  wait(
    job: SkytellsPrediction | string,
    options?: WaitOptions<SkytellsPrediction>,
  ): Promise<SkytellsSucceededPrediction>;
}

export function skytellsPredictions({ dialect, json }: Transport<'skytells'>): SkytellsPredictions {
  const one = (id: string) => `/predictions/${segment(id)}`;
  const predictions: SkytellsPredictions = {
    source: {
      dialect,
      idOf: ({ id }) => id,
      stateOf: ({ status }) => stateOf(status),
      progressOf: ({ metrics }) => metrics?.progress,
      read: (id, { signal }) => json({ path: one(id), signal, once: true }),
      // "Recommended polling 2 to 5 s" (contract section 5).
      intervalMs: (elapsedMs) => (elapsedMs < 30_000 ? 2_000 : 5_000),
      timeoutMs: 15 * 60_000,
      isFinal: isStoredFailure,
    },
    async create(order, options) {
      const made = await json<SkytellsPrediction>({
        ...options,
        method: 'POST',
        path: '/predictions',
        json: order,
      });
      // With `await` the answer may already be the end.
      const failure = failureIn(dialect, made);
      if (failure !== undefined) throw failure;
      return made;
    },
    get: async (id, options) => json({ ...options, path: one(id) }),
    stream: async (id, options) => json({ ...options, path: `${one(id)}/stream` }),
    list: ({ perPage, from, to, model, status, ...options } = {}) =>
      listOf<SkytellsPrediction, SkytellsPage, number>(
        'skytells',
        (page) =>
          json({
            ...options,
            path: '/predictions',
            query: { page, per_page: perPage, from, to, model, status },
          }),
        ({ pagination: { current_page, last_page } }) =>
          current_page < last_page ? current_page + 1 : undefined,
      ),
    cancel: async (id, options) => json({ ...options, method: 'POST', path: `${one(id)}/cancel` }),
    delete: async (id, options) => json({ ...options, method: 'DELETE', path: one(id) }),
    wait: (job, options) => waitFor(predictions, job, options),
  };
  return predictions;
}

function stateOf(status: SkytellsStatus) {
  switch (status) {
    case 'pending':
    case 'queued':
      return 'queued';
    case 'starting':
    case 'started':
    case 'processing':
      return 'running';
    case 'succeeded':
    case 'failed':
      return status;
    case 'cancelled':
    case 'canceled':
      return 'canceled';
    default:
      status satisfies never;
      return undefined;
  }
}

/**
 * If the provider behind the model failed, every read of the prediction is answered with 502 and an error id of its own (contract section
 * 9.3). Only an answer that cannot be understood may be read again.
 */
function isStoredFailure({ status, wireCode }: GenerationError): boolean {
  return status === 502 && wireCode !== null && wireCode !== 'UNKNOWN_ERROR';
}
