import type { JobSource, WaitOptions } from '../job-source.ts';
import type { CallOptions, KeyedCallOptions } from '../options.ts';
import { type List, listOf } from '../pages.ts';
import { segment, type Transport } from '../transport.ts';
import { waitFor } from '../wait-for.ts';
import { type FollowOptions, follow, type GenerationEvent } from './follow.ts';
import { streamText, type TextEvent } from './stream-text.ts';
import type {
  Generation,
  GenerationStatus,
  ModelId,
  Order,
  Page,
  SucceededGeneration,
  WebhookDelivery,
} from './types.ts';

export interface CreateOptions extends KeyedCallOptions {
  /**
   * How many whole seconds, up to 60, the server may hold the answer until the end. The answer may then have any status. @throws TypeError
   * for other values
   */
  readonly waitSeconds?: number | undefined;
}

export interface ListQuery extends CallOptions {
  /** Page size, 1 to 100; default 20. */
  readonly limit?: number;
  readonly status?: GenerationStatus;
  readonly model?: string;
  /** Only generations ordered in this dialect. */
  readonly dialect?: string;
  /** Only the generation ordered under this key, if there is one. */
  readonly idempotencyKey?: string;
}

type RunOptions = KeyedCallOptions & WaitOptions<Generation>;

export interface Generations {
  /** For `waitFor(client.generations, id)`. */
  readonly source: JobSource<'native', Generation, SucceededGeneration>;
  /** Orders work. The generation is queued, or may have ended if `waitSeconds` was given. */
  create<const M extends ModelId>(order: Order<M>, options?: CreateOptions): Promise<Generation>;
  /** Orders work and waits for its end. @throws as `create` and `wait` do */
  run<const M extends ModelId>(order: Order<M>, options?: RunOptions): Promise<SucceededGeneration>;
  get(id: string, options?: CallOptions): Promise<Generation>;
  /** Waits for the end of a generation. @throws as `waitFor` */
  wait(job: Generation | string, options?: WaitOptions<Generation>): Promise<SucceededGeneration>;
  /** Follows a generation, each event once, even if connections break. */
  stream(id: string, options?: FollowOptions): AsyncGenerator<GenerationEvent, void, undefined>;
  /** Streams text while it is written. Errors are thrown, also in the middle; what was streamed is charged. */
  streamText<const M extends ModelId>(
    order: Order<M>,
    options?: KeyedCallOptions,
  ): AsyncGenerator<TextEvent, void, undefined>;
  /** Newest first, page by page. */
  list(query?: ListQuery): List<Generation, Page<Generation>>;
  /** Cancels a generation that has not ended. Its whole hold is released. */
  cancel(id: string, options?: CallOptions): Promise<Generation>;
  /** Orders a failed generation again: a new one with the same input, at the present price. */
  retry(id: string, options?: CreateOptions): Promise<Generation>;
  /** The webhooks of a generation. */
  deliveries(id: string, options?: CallOptions): Promise<Page<WebhookDelivery>>;
}

/** How long the server holds an answer while nobody watches the progress, and while somebody does. */
const HOLD_SECONDS = 25;
const WATCHED_HOLD_SECONDS = 2;
const TIMEOUT_MS = 15 * 60_000;

export function generationsOf(transport: Transport<'native'>): Generations {
  const one = (id: string) => `/generations/${segment(id)}`;
  const source: Generations['source'] = {
    dialect: transport.dialect,
    idOf: ({ id }) => id,
    stateOf({ status }) {
      switch (status) {
        case 'queued':
        case 'running':
        case 'succeeded':
        case 'failed':
        case 'canceled':
          return status;
        default:
          status satisfies never;
          return undefined;
      }
    },
    progressOf: ({ progress }) => progress?.percent,
    read(id, { signal, leftMs, watched }) {
      const seconds = Math.min(watched ? WATCHED_HOLD_SECONDS : HOLD_SECONDS, Math.floor(leftMs / 1000));
      return transport.json({ path: one(id), headers: holding(seconds), signal, once: true });
    },
    holds: true,
    // For a server that does not hold answers.
    intervalMs: () => 1000,
    timeoutMs: TIMEOUT_MS,
  };

  const order = async (path: string, { waitSeconds, headers, ...options }: CreateOptions, json?: object) =>
    transport.json<Generation>({
      ...options,
      method: 'POST',
      path,
      headers: { ...headers, ...holding(waitSeconds) },
      ...(json && { json }),
    });

  const generations: Generations = {
    source,
    create: (body, options = {}) => order('/generations', options, body),
    async run(body, { timeoutMs, intervalMs, onProgress, ...options } = {}) {
      const { signal } = options;
      const made = await generations.create(body, options);
      return waitFor(generations, made, { signal, timeoutMs, intervalMs, onProgress });
    },
    get: async (id, options) => transport.json({ ...options, path: one(id) }),
    wait: (job, options) => waitFor(generations, job, options),
    stream: (id, options) => follow(transport, `${one(id)}/events`, options),
    streamText: (body, options) => streamText(transport, generations.wait, body, options),
    list: ({ limit, status, model, dialect, idempotencyKey, ...options } = {}) =>
      listOf(
        'native',
        (cursor) =>
          transport.json<Page<Generation>>({
            ...options,
            path: '/generations',
            query: { limit, status, model, dialect, idempotency_key: idempotencyKey, cursor },
          }),
        ({ next_cursor }) => next_cursor,
      ),
    cancel: async (id, options) => transport.json({ ...options, method: 'POST', path: `${one(id)}/cancel` }),
    retry: async (id, options = {}) => order(`${one(id)}/retry`, options),
    deliveries: async (id, options) => transport.json({ ...options, path: `${one(id)}/deliveries` }),
  };
  return generations;
}

/** RFC 7240. */
function holding(seconds: number | undefined): Readonly<Record<string, string>> {
  if (seconds === undefined || seconds === 0) return {};
  if (!Number.isInteger(seconds) || seconds < 0)
    throw new TypeError('waitSeconds is a whole number of seconds.');
  return { prefer: `wait=${seconds}` };
}
