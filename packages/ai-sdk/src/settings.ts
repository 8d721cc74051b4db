import { LoadAPIKeyError, LoadSettingError } from '@ai-sdk/provider';
import { type Asset, type Client, type ClientOptions, createClient } from '@genlock/client';

export interface GenlockSettings {
  /** The URL of the native API, e.g. `https://genlock.example/v1`. Default: `GENLOCK_URL`, the address of the gateway. */
  readonly baseURL?: string;
  /** A key of any dialect. Default: `GENLOCK_API_KEY`. */
  readonly apiKey?: string;
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The function that sends; default: the global `fetch`. The client retries around it. */
  readonly fetch?: ClientOptions['fetch'];
  /** Attempts of one API call, including the first; default 3. The SDK's `maxRetries` are added where they can do no harm. */
  readonly attempts?: number;
  /** Whether an abort also cancels the work at the gateway, which releases its hold; default true. */
  readonly cancelOnAbort?: boolean;
}

/** What the models of one provider share. */
export interface Shop {
  readonly baseURL: string;
  readonly client: Client;
  readonly cancelOnAbort: boolean;
  /** Uploaded files by their bytes. */
  readonly brought: Map<string, Promise<Asset>>;
}

const ATTEMPTS = 3;

/**
 * Opened at the first call, so that a program can be loaded without its secrets.
 *
 * @throws LoadSettingError, LoadAPIKeyError
 */
export function openShop(settings: GenlockSettings): Shop {
  const { headers, fetch, attempts = ATTEMPTS, cancelOnAbort = true } = settings;
  const baseURL = (settings.baseURL ?? urlFromEnvironment()).replace(/\/+$/, '');
  const apiKey = settings.apiKey ?? environment('GENLOCK_API_KEY');
  if (apiKey === undefined)
    throw new LoadAPIKeyError({
      message: 'Genlock has no API key. Pass apiKey to createGenlock, or set GENLOCK_API_KEY.',
    });
  const client = createClient({
    baseUrl: baseURL,
    apiKey,
    attempts,
    ...(headers && { headers }),
    ...(fetch && { fetch }),
  });
  return { baseURL, client, cancelOnAbort, brought: new Map() };
}

/** Like `genlock generate`, accepts the URL with or without the mount of the API. */
function urlFromEnvironment(): string {
  const url = environment('GENLOCK_URL');
  if (url === undefined)
    throw new LoadSettingError({
      message: 'Nobody has said where Genlock is. Pass baseURL to createGenlock, or set GENLOCK_URL.',
    });
  return `${url.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`;
}

/** Also undefined in runtimes without environment variables. */
function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name] || undefined;
}
