import type { JobSource, WaitOptions } from '../job-source.ts';
import type { CallOptions, KeyedCallOptions } from '../options.ts';
import { type List, listOf } from '../pages.ts';
import { segment, type Transport } from '../transport.ts';
import { waitFor } from '../wait-for.ts';
import type { KiaraCompletedGeneration, KiaraGeneration, KiaraOrder, KiaraPage } from './types.ts';

export interface KiaraListQuery extends CallOptions {
  /** Page size, 1 to 100; default 20. */
  readonly limit?: number;
  readonly status?: KiaraGeneration['status'];
  readonly product?: string;
}

export interface KiaraGenerations {
  /** For `waitFor(kiara.generations, id)`. */
  readonly source: JobSource<'kiara', KiaraGeneration, KiaraCompletedGeneration>;
  create(order: KiaraOrder, options?: KeyedCallOptions): Promise<KiaraGeneration>;
  get(id: string, options?: CallOptions): Promise<KiaraGeneration>;
  /** Newest first, page by page. */
  list(query?: KiaraListQuery): List<KiaraGeneration, KiaraPage<KiaraGeneration>>;
  /** Cancels a queued generation. */
  cancel(id: string, options?: CallOptions): Promise<KiaraGeneration>;
  /** Orders a failed generation again, as a new one. */
  retry(id: string, options?: KeyedCallOptions): Promise<KiaraGeneration>;
  /** @throws as `waitFor` */
  wait(
    job: KiaraGeneration | string,
    options?: WaitOptions<KiaraGeneration>,
  ): Promise<KiaraCompletedGeneration>;
}

const EVERY_MS = 2_000;
const FIRST_MINUTE_MS = 60_000;
const SELDOM_MS = 30_000;

export function kiaraGenerations({ dialect, json }: Transport<'kiara'>): KiaraGenerations {
  const one = (id: string) => `/v1/generations/${segment(id)}`;
  const source: KiaraGenerations['source'] = {
    dialect,
    idOf: ({ id }) => id,
    stateOf({ status }) {
      switch (status) {
        case 'queued':
          return 'queued';
        case 'processing':
          return 'running';
        case 'completed':
          return 'succeeded';
        case 'failed':
        case 'canceled':
          return status;
        default:
          status satisfies never;
          return undefined;
      }
    },
    read: (id, { signal }) => json({ path: one(id), signal, once: true }),
    // "Poll every 2 s, back off exponentially after the first minute" (contract section 7).
    intervalMs: (elapsedMs) => Math.min(SELDOM_MS, EVERY_MS + Math.max(0, elapsedMs - FIRST_MINUTE_MS)),
    timeoutMs: 15 * 60_000,
  };
  const generations: KiaraGenerations = {
    source,
    create: (order, options) => json({ ...options, method: 'POST', path: '/v1/generations', json: order }),
    get: async (id, options) => json({ ...options, path: one(id) }),
    list: ({ limit, status, product, ...options } = {}) =>
      listOf(
        'kiara',
        (cursor) =>
          json<KiaraPage<KiaraGeneration>>({
            ...options,
            path: '/v1/generations',
            query: { limit, status, product, cursor },
          }),
        ({ next_cursor }) => next_cursor,
      ),
    cancel: async (id, options) => json({ ...options, method: 'POST', path: `${one(id)}/cancel` }),
    retry: async (id, options) => json({ ...options, method: 'POST', path: `${one(id)}/retry` }),
    wait: (job, options) => waitFor(generations, job, options),
  };
  return generations;
}
