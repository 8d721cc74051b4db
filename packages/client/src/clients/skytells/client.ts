import { skytells } from '../../dialects/skytells.ts';
import { readChunks } from '../chunks.ts';
import { type DownloadOptions, download } from '../download.ts';
import type { CallOptions, VendorOptions } from '../options.ts';
import { createTransport, segment } from '../transport.ts';
import { type SkytellsPredictions, skytellsPredictions } from './predictions.ts';
import type {
  SkytellsChatChunk,
  SkytellsChatCompletion,
  SkytellsChatOrder,
  SkytellsEmbeddingOrder,
  SkytellsEmbeddings,
  SkytellsFile,
  SkytellsModel,
  SkytellsResponse,
  SkytellsResponseEvent,
  SkytellsResponseOrder,
} from './types.ts';

export interface SkytellsModelQuery extends CallOptions {
  /** Further members to include. */
  readonly fields?: readonly ('input_schema' | 'output_schema')[];
}

/** Every method throws a `GenerationError` of Skytells, or the reason of the signal. The API has no idempotency keys. */
export interface SkytellsClient {
  readonly predictions: SkytellsPredictions;
  readonly models: {
    list(query?: SkytellsModelQuery): Promise<readonly SkytellsModel[]>;
    get(slug: string, query?: SkytellsModelQuery): Promise<SkytellsModel>;
  };
  readonly chat: {
    create(order: SkytellsChatOrder, options?: CallOptions): Promise<SkytellsChatCompletion>;
    /** Streams the answer. Errors are thrown, also in the middle. */
    stream(
      order: SkytellsChatOrder,
      options?: CallOptions,
    ): AsyncGenerator<SkytellsChatChunk, void, undefined>;
  };
  readonly responses: {
    create(order: SkytellsResponseOrder, options?: CallOptions): Promise<SkytellsResponse>;
    stream(
      order: SkytellsResponseOrder,
      options?: CallOptions,
    ): AsyncGenerator<SkytellsResponseEvent, void, undefined>;
  };
  readonly embeddings: {
    create(order: SkytellsEmbeddingOrder, options?: CallOptions): Promise<SkytellsEmbeddings>;
  };
  /** Downloads a file by its link, without the key. Links work for a few minutes. */
  download(file: SkytellsFile | string, options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>>;
}

/** The vendor's own address. At Genlock it is `<gateway>/skytells/v1`. */
export const SKYTELLS_URL = 'https://api.skytells.ai/v1';

/**
 * A client of Skytells or of whoever serves its contract.
 *
 * @param options `apiKey`; `baseUrl` for anywhere but the vendor's own address
 */
export function createSkytellsClient(options: VendorOptions): SkytellsClient {
  const auth = { 'x-api-key': options.apiKey };
  const transport = createTransport({ baseUrl: SKYTELLS_URL, ...options, dialect: skytells, auth });
  const { json } = transport;
  const post = <T>(path: string, body: object, call?: CallOptions) =>
    json<T>({ ...call, method: 'POST', path, json: body });
  const stream = <T>(path: string, body: object, call?: CallOptions) =>
    readChunks<'skytells', T>(transport, { ...call, method: 'POST', path, json: { ...body, stream: true } });
  return {
    predictions: skytellsPredictions(transport),
    models: {
      list: ({ fields, ...call } = {}) =>
        json({ ...call, path: '/models', query: { fields: fields?.join(',') } }),
      get: async (slug, { fields, ...call } = {}) =>
        json({ ...call, path: `/models/${segment(slug)}`, query: { fields: fields?.join(',') } }),
    },
    chat: {
      create: (order, call) => post('/chat/completions', order, call),
      stream: (order, call) => stream('/chat/completions', order, call),
    },
    responses: {
      create: (order, call) => post('/responses', order, call),
      stream: (order, call) => stream('/responses', order, call),
    },
    embeddings: { create: (order, call) => post('/embeddings', order, call) },
    download: (file, { maxBytes, ...call } = {}) =>
      typeof file === 'string'
        ? download(transport, { ...call, path: file }, {}, maxBytes)
        : download(transport, { ...call, path: file.url }, { bytes: file.size }, maxBytes),
  };
}
