import { type DownloadOptions, download } from '../download.ts';
import type { CallOptions } from '../options.ts';
import { segment, type Transport } from '../transport.ts';
import { type FileContent, type FileFacts, fileForm } from '../upload.ts';
import type { Asset } from './types.ts';

export interface ContentOptions extends CallOptions {
  /** One range of bytes, such as `bytes=0-1023`. */
  readonly range?: string | undefined;
}

/** Files: brought and produced. An asset may be given as it was read, or by its id. */
export interface Assets {
  /** Brings a picture, clip or sound to work on. Costs nothing, and may be repeated. */
  upload(content: FileContent, options?: FileFacts & CallOptions): Promise<Asset>;
  get(id: string, options?: CallOptions): Promise<Asset>;
  /** The bytes, held against the size and hash of the asset where it is given. */
  download(asset: Asset | string, options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** The answer with its body unread, for what is too large to be held. */
  content(asset: Asset | string, options?: ContentOptions): Promise<Response>;
}

export function assetsOf(transport: Transport<'native'>): Assets {
  // By its id, never by its URL: the key goes to nobody else.
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
