/** Where the bytes of assets live. Names are ours (`[a-z0-9/_-]`), never a caller's. */
export interface BlobStore {
  /** Durable when the promise resolves; a half-written blob is never seen under its name. Same name again: replaced. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Bytes from `start` to `end` (inclusive); undefined when there is no such blob. Reads are streamed. */
  read(
    name: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Whole content, refused above `maxBytes`. */
  readAll(name: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** In bytes; undefined when there is no such blob. */
  size(name: string): Promise<number | undefined>;
  /** No error when it is already gone. */
  remove(name: string): Promise<void>;
  /** Blobs written before `olderThan` (ms), for the sweep of orphans. */
  list(olderThan: number): AsyncIterable<string>;
}
