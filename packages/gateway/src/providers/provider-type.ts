import type { TObject } from 'typebox';
import type { JsonObject } from '../domain/json.ts';
import type { Provider } from './port.ts';

/** What the program lends to the providers that it makes. */
export interface ProviderTools {
  /** Where the operator's files are: the folder of genlock.yaml. */
  readonly folder: string;
  /** Fetches a file from a URL that an upstream named: public addresses only, and no credentials go along. */
  readonly fetchPublic: (
    url: string,
    options: { readonly maxBytes: number; readonly signal?: AbortSignal },
  ) => Promise<Uint8Array>;
}

/** A kind of upstream, as `type` names it under `providers` in genlock.yaml. */
export interface ProviderType {
  readonly type: string;
  /** The settings beside `type`; the configuration was checked against it before `create` sees them. Closed. */
  readonly settings: TObject;
  /** Loads what it needs only now: a gateway that does not use the type pays nothing for it. */
  readonly create: (name: string, settings: JsonObject, tools: ProviderTools) => Promise<Provider>;
}

/**
 * A type of which `load` gives what makes its providers. They take their settings as what the schema says, because they were checked
 * against it: the one place that relies on that.
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
