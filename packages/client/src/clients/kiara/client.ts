import { kiara } from '../../dialects/kiara.ts';
import { type DownloadOptions, download } from '../download.ts';
import type { CallOptions, KeyedCallOptions, VendorOptions } from '../options.ts';
import { createTransport, segment } from '../transport.ts';
import { type FileContent, type FileFacts, fileForm } from '../upload.ts';
import { type KiaraGenerations, kiaraGenerations } from './generations.ts';
import type {
  KiaraBalance,
  KiaraGeneration,
  KiaraList,
  KiaraOrder,
  KiaraPack,
  KiaraProduct,
  KiaraQuote,
  KiaraTopUp,
  KiaraUpload,
} from './types.ts';

/** Every method throws a `GenerationError` of Kiara, or the reason of the signal. */
export interface KiaraClient {
  readonly generations: KiaraGenerations;
  readonly assets: {
    /** Downloads a result. If a completed generation is given, its announced size and hash are checked. */
    download(asset: KiaraGeneration | string, options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>>;
    /** The answer with its body unread. */
    content(id: string, options?: CallOptions): Promise<Response>;
  };
  readonly uploads: {
    /** JPEG, PNG or WebP. Costs nothing and may be repeated. */
    create(image: FileContent, options?: FileFacts & CallOptions): Promise<KiaraUpload>;
    content(id: string, options?: CallOptions): Promise<Response>;
  };
  readonly products: {
    list(options?: CallOptions): Promise<KiaraList<KiaraProduct>>;
    get(id: string, options?: CallOptions): Promise<KiaraProduct>;
  };
  readonly packs: { list(options?: CallOptions): Promise<KiaraList<KiaraPack>> };
  readonly topups: {
    create(
      order: { readonly pack: string; readonly currency?: string },
      options?: KeyedCallOptions,
    ): Promise<KiaraTopUp>;
    get(id: string, options?: CallOptions): Promise<KiaraTopUp>;
  };
  /** The price of an order. */
  quote(order: KiaraOrder, options?: CallOptions): Promise<KiaraQuote>;
  balance(options?: CallOptions): Promise<KiaraBalance>;
  /** Needs no key. */
  health(options?: CallOptions): Promise<{ readonly status: string }>;
}

/** The vendor's own address. At Genlock it is `<gateway>/kiara`. */
export const KIARA_URL = 'https://kiara-api.com';

/**
 * A client of Kiara or of whoever serves its contract.
 *
 * @param options `apiKey`; `baseUrl` for anywhere but the vendor's own address
 */
export function createKiaraClient(options: VendorOptions): KiaraClient {
  const auth = { authorization: `Bearer ${options.apiKey}` };
  const transport = createTransport({ baseUrl: KIARA_URL, ...options, dialect: kiara, auth });
  const { json, send } = transport;
  const bytesOf = (id: string) => `/v1/assets/${segment(id)}/content`;
  return {
    generations: kiaraGenerations(transport),
    assets: {
      async download(asset, { maxBytes, ...call } = {}) {
        const result = typeof asset === 'string' ? { asset_id: asset, bytes: null } : asset.result;
        if (result === null) throw new TypeError('The generation has no result.');
        return download(transport, { ...call, path: bytesOf(result.asset_id) }, result, maxBytes);
      },
      content: async (id, call) => send({ ...call, path: bytesOf(id) }),
    },
    uploads: {
      create: async (image, { name, contentType, ...call } = {}) =>
        json({ ...call, method: 'POST', path: '/v1/uploads', form: fileForm(image, { name, contentType }) }),
      content: async (id, call) => send({ ...call, path: `/v1/uploads/${segment(id)}/content` }),
    },
    products: {
      list: (call) => json({ ...call, path: '/v1/products' }),
      get: async (id, call) => json({ ...call, path: `/v1/products/${segment(id)}` }),
    },
    packs: { list: (call) => json({ ...call, path: '/v1/packs' }) },
    topups: {
      create: (order, call) => json({ ...call, method: 'POST', path: '/v1/topups', json: order }),
      get: async (id, call) => json({ ...call, path: `/v1/topups/${segment(id)}` }),
    },
    quote: (order, call) => json({ ...call, method: 'POST', path: '/v1/quotes', json: order }),
    balance: (call) => json({ ...call, path: '/v1/balance' }),
    health: (call) => json({ ...call, path: '/healthz' }),
  };
}
