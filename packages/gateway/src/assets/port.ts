/** Where the bytes of assets are stored. Names are made by Genlock (`[a-z0-9/_-]`), never by a caller. */
export interface BlobStore {
  /** Durable when the promise resolves. A partly written blob is never seen under its name. An existing blob is replaced. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Streams the bytes from `start` to `end` (inclusive); undefined if there is no such blob. */
  read(
    name: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The whole content; refused if it is longer than `maxBytes`. */
  readAll(name: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** In bytes; undefined if there is no such blob. */
  size(name: string): Promise<number | undefined>;
  /** No error if it is already gone. */
  remove(name: string): Promise<void>;
  /** Blobs written before `olderThan` (milliseconds since 1970), for the sweep of orphans. */
  list(olderThan: number): AsyncIterable<string>;
}
