import type { TObject } from 'typebox';
import type { JsonObject } from '../domain/json.ts';
import type { Provider } from './port.ts';

/** What the program provides to the providers that it makes. */
export interface ProviderTools {
  /** The folder of genlock.yaml, where the operator's files are. */
  readonly folder: string;
  /** Fetches a file from a URL that an upstream named: only public addresses, and without credentials. */
  readonly fetchPublic: (
    url: string,
    options: { readonly maxBytes: number; readonly signal?: AbortSignal },
  ) => Promise<Uint8Array>;
}

/** A type of upstream, as named by `type` under `providers` in genlock.yaml. */
export interface ProviderType {
  readonly type: string;
  /** The settings besides `type`, as a closed schema. The configuration was checked against it before `create` gets them. */
  readonly settings: TObject;
  /** Loads its code only when called, so that a type that is not used costs nothing. */
  readonly create: (name: string, settings: JsonObject, tools: ProviderTools) => Promise<Provider>;
}

/**
 * Makes a provider type, of which `load` loads the code. This is the only place that relies on the configuration having been checked: it
 * passes the settings on with the type of their schema.
 */
export function providerType<Settings>(
  type: string,
  settings: TObject,
  load: () => Promise<
    (name: string, settings: Settings, tools: ProviderTools) => Provider | Promise<Provider>
  >,
): ProviderType {
  return {
    type,
    settings,
    create: async (name, given, tools) => (await load())(name, given as Settings, tools),
  };
}
