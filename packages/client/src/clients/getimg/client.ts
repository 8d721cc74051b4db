import { getimg } from '../../dialects/getimg.ts';
import { type DownloadOptions, download } from '../download.ts';
import type { JobSource, WaitOptions } from '../job-source.ts';
import type { CallOptions, KeyedCallOptions, VendorOptions } from '../options.ts';
import { createTransport, segment } from '../transport.ts';
import { waitFor } from '../wait-for.ts';
import type {
  GetimgCompletedVideo,
  GetimgImage,
  GetimgImageFile,
  GetimgImageOrder,
  GetimgModel,
  GetimgPendingVideo,
  GetimgVideo,
  GetimgVideoOrder,
} from './types.ts';

export interface GetimgVideos {
  /** For `waitFor(getimg.videos, id)`. */
  readonly source: JobSource<'getimg', GetimgVideo, GetimgCompletedVideo>;
  create(order: GetimgVideoOrder, options?: KeyedCallOptions): Promise<GetimgPendingVideo>;
  get(id: string, options?: CallOptions): Promise<GetimgVideo>;
  /** @throws as `waitFor` */
  wait(job: GetimgVideo | string, options?: WaitOptions<GetimgVideo>): Promise<GetimgCompletedVideo>;
}

/** Every method throws a `GenerationError` of getimg, or the reason of the signal. */
export interface GetimgClient {
  readonly images: {
    /** Answers when the image is ready, which takes up to 5 minutes. */
    generate(order: GetimgImageOrder, options?: KeyedCallOptions): Promise<GetimgImage>;
  };
  readonly videos: GetimgVideos;
  readonly models: {
    list(options?: CallOptions & { readonly type?: GetimgModel['type'] }): Promise<readonly GetimgModel[]>;
  };
  /** Downloads a file by its link, without the key. */
  download(file: GetimgImageFile | string, options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>>;
}

export interface GetimgClientOptions extends VendorOptions {
  /** Whether the server honours `Idempotency-Key`: Genlock does, the vendor does not say. */
  readonly optionalKeys?: boolean;
}

/** The vendor's own address. At Genlock it is `<gateway>/getimg`. */
export const GETIMG_URL = 'https://api.getimg.ai';

const VIDEOS = '/v2/videos/generations';

/**
 * A client of getimg or of whoever serves its contract.
 *
 * @param options `apiKey`; `baseUrl` for anywhere but the vendor's own address
 */
export function createGetimgClient(options: GetimgClientOptions): GetimgClient {
  const auth = { authorization: `Bearer ${options.apiKey}` };
  const transport = createTransport({ baseUrl: GETIMG_URL, ...options, dialect: getimg, auth });
  const { json } = transport;
  const one = (id: string) => `${VIDEOS}/${segment(id)}`;
  const videos: GetimgVideos = {
    source: {
      dialect: getimg,
      idOf: ({ id }) => id,
      stateOf({ status }) {
        switch (status) {
          case 'pending':
            return 'running';
          case 'completed':
            return 'succeeded';
          case 'failed':
            return 'failed';
          default:
            status satisfies never;
            return undefined;
        }
      },
      read: (id, { signal }) => json({ path: one(id), signal, once: true }),
      // As the samples of the official clients do (contract section 5).
      intervalMs: () => 5_000,
      timeoutMs: 15 * 60_000,
    },
    create: (order, call) => json({ ...call, method: 'POST', path: VIDEOS, json: order }),
    get: async (id, call) => json({ ...call, path: one(id) }),
    wait: (job, call) => waitFor(videos, job, call),
  };
  return {
    images: {
      generate: (order, call) =>
        json({ ...call, method: 'POST', path: '/v2/images/generations', json: order }),
    },
    videos,
    models: { list: ({ type, ...call } = {}) => json({ ...call, path: '/v2/models', query: { type } }) },
    download: (file, { maxBytes, ...call } = {}) =>
      download(transport, { ...call, path: typeof file === 'string' ? file : file.url }, {}, maxBytes),
  };
}
