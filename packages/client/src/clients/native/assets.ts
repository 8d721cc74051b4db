import { type DownloadOptions, download } from '../download.ts';
import type { CallOptions } from '../options.ts';
import { segment, type Transport } from '../transport.ts';
import { type FileContent, type FileFacts, fileForm } from '../upload.ts';
import type { Asset } from './types.ts';

export interface ContentOptions extends CallOptions {
  /** A single byte range, e.g. `bytes=0-1023`. */
  readonly range?: string | undefined;
}

/** Files, uploaded and produced. Methods take an asset object or its id. */
export interface Assets {
  /** Uploads a source image, clip or sound. Costs nothing and may be repeated. */
  upload(content: FileContent, options?: FileFacts & CallOptions): Promise<Asset>;
  get(id: string, options?: CallOptions): Promise<Asset>;
  /** Downloads the bytes. If an asset object is given, its size and hash are checked. */
  download(asset: Asset | string, options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** The answer with its body unread, for files too large for memory. */
  content(asset: Asset | string, options?: ContentOptions): Promise<Response>;
}

export function assetsOf(transport: Transport<'native'>): Assets {
  // By its id and never by its URL, so that the key is sent to nobody else.
  const contentOf = (asset: Asset | string) =>
    `/assets/${segment(typeof asset === 'string' ? asset : asset.id)}/content`;
  return {
    upload: async (content, { name, contentType, ...options } = {}) =>
      transport.json({
        ...options,
        method: 'POST',
        path: '/uploads',
        form: fileForm(content, { name, contentType }),
      }),
    get: async (id, options) => transport.json({ ...options, path: `/assets/${segment(id)}` }),
    download: async (asset, { maxBytes, ...options } = {}) =>
      download(
        transport,
        { ...options, path: contentOf(asset) },
        typeof asset === 'string' ? {} : asset,
        maxBytes,
      ),
    content: async (asset, { range, headers, ...options } = {}) =>
      transport.send({
        ...options,
        path: contentOf(asset),
        headers: { ...headers, ...(range !== undefined && { range }) },
      }),
  };
}
