import type { Fetch, FetchOptions } from '../fetch/create-fetch.ts';

/** What every client is made with. */
export interface ClientOptions extends Pick<FetchOptions, 'attempts' | 'deadlineMs' | 'onRetry'> {
  readonly apiKey: string;
  /** Where the API is, with its mount. */
  readonly baseUrl: string;
  /** What sends; the global one by default. It is called with retries around it, so it should not make its own. */
  readonly fetch?: Fetch;
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The same where the vendor's own address is known. */
export interface VendorOptions extends Omit<ClientOptions, 'baseUrl'> {
  readonly baseUrl?: string;
}

export interface CallOptions {
  /** Its reason is thrown as it is. It says nothing of whether a paid call was done: with a key of yours, ask again. */
  readonly signal?: AbortSignal | undefined;
  /** Sent with this call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Of a call that costs money, where the service knows repetitions by a key. */
export interface KeyedCallOptions extends CallOptions {
  /** Of yours, kept with the order: the same call with it is paid at most once, also by another process. Made for you when absent. */
  readonly idempotencyKey?: string | undefined;
}
