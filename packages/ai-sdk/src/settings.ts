import { LoadAPIKeyError, LoadSettingError } from '@ai-sdk/provider';
import { type Asset, type Client, type ClientOptions, createClient } from '@genlock/client';

export interface GenlockSettings {
  /** Where the native API is, such as `https://genlock.example/v1`; by default `GENLOCK_URL`, the address of the gateway. */
  readonly baseURL?: string;
  /** Of any dialect; `GENLOCK_API_KEY` by default. */
  readonly apiKey?: string;
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What sends; the global one by default. Calls are tried again around it. */
  readonly fetch?: ClientOptions['fetch'];
  /** Of one call of the API, the first included; 3 by default. The SDK's `maxRetries` come on top, where they can do no harm. */
  readonly attempts?: number;
  /** Whether an abort also ends the work at the gateway, which releases what was held for it; true by default. */
  readonly cancelOnAbort?: boolean;
}

/** What the models of one provider share. */
export interface Shop {
  readonly baseURL: string;
  readonly client: Client;
  readonly cancelOnAbort: boolean;
  /** Files that were brought, by their bytes. */
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

/** As `genlock generate` takes it: with the mount of the API or without. */
function urlFromEnvironment(): string {
  const url = environment('GENLOCK_URL');
  if (url === undefined)
    throw new LoadSettingError({
      message: 'Nobody has said where Genlock is. Pass baseURL to createGenlock, or set GENLOCK_URL.',
    });
  return `${url.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`;
}

/** Undefined also where there is no such thing as an environment. */
function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name] || undefined;
}
