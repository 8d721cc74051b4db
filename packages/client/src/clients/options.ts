import type { Fetch, FetchOptions } from '../fetch/create-fetch.ts';

/** What every client is made with. */
export interface ClientOptions extends Pick<FetchOptions, 'attempts' | 'deadlineMs' | 'onRetry'> {
  readonly apiKey: string;
  /** The URL of the API, with its mount. */
  readonly baseUrl: string;
  /** The function that sends; default: the global `fetch`. The client retries around it, so it should not retry by itself. */
  readonly fetch?: Fetch;
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The same for a vendor whose address is known. */
export interface VendorOptions extends Omit<ClientOptions, 'baseUrl'> {
  readonly baseUrl?: string;
}

export interface CallOptions {
  /**
   * Its reason is thrown unchanged. An abort does not say whether a paid call was done; if you gave an idempotency key, ask again with it.
   */
  readonly signal?: AbortSignal | undefined;
  /** Sent with this call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Options of a call that costs money, at a service that recognises repetitions by a key. */
export interface KeyedCallOptions extends CallOptions {
  /**
   * A key of your own, kept with the order: calls with the same key are paid at most once, also from another process. By default one is
   * made for you.
   */
  readonly idempotencyKey?: string | undefined;
}
