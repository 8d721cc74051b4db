import { native } from '../../dialects/native.ts';
import type { CallOptions, ClientOptions } from '../options.ts';
import { createTransport, segment } from '../transport.ts';
import { type Assets, assetsOf } from './assets.ts';
import { type Generations, generationsOf } from './generations.ts';
import type { Balance, Model, ModelId, Order, Page, Quote, Usage } from './types.ts';
import { type Webhooks, webhooksOf } from './webhooks.ts';

export interface UsageQuery extends CallOptions {
  /** RFC 3339 time or a day; default: 30 days before `to`. */
  readonly from?: string;
  /** Excluded; default: now. */
  readonly to?: string;
}

/** Genlock's own API (docs/native.md). Every method throws a {@link GenerationError} of it, or the reason of the signal. */
export interface Client {
  readonly generations: Generations;
  readonly assets: Assets;
  readonly models: {
    list(options?: CallOptions): Promise<Page<Model>>;
    get(id: string, options?: CallOptions): Promise<Model>;
  };
  readonly webhooks: Webhooks;
  /** The price of an order. Stores nothing. */
  quote<const M extends ModelId>(order: Order<M>, options?: CallOptions): Promise<Quote>;
  balance(options?: CallOptions): Promise<Balance>;
  /** The usage in a period, by model. */
  usage(query?: UsageQuery): Promise<Usage>;
}

/** @param options `baseUrl` with the mount, such as `https://genlock.example/v1`; a key of any dialect */
export function createClient(options: ClientOptions): Client {
  const auth = { authorization: `Bearer ${options.apiKey}` };
  const transport = createTransport({ ...options, dialect: native, auth });
  const { json } = transport;
  return {
    generations: generationsOf(transport),
    assets: assetsOf(transport),
    models: {
      list: (call) => json({ ...call, path: '/models' }),
      get: async (id, call) => json({ ...call, path: `/models/${segment(id)}` }),
    },
    webhooks: webhooksOf(transport),
    quote: (order, call) => json({ ...call, method: 'POST', path: '/quotes', json: order }),
    balance: (call) => json({ ...call, path: '/balance' }),
    usage: ({ from, to, ...call } = {}) => json({ ...call, path: '/usage', query: { from, to } }),
  };
}
