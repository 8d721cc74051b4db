import { isDeepStrictEqual } from 'node:util';
import { type Config, type ProviderSettings, SANDBOX } from '../config/config.ts';
import type { JsonObject } from '../domain/json.ts';
import { providerTypes } from '../providers/index.ts';
import type { Provider } from '../providers/port.ts';
import type { ProviderTools } from '../providers/provider-type.ts';
import { withRedaction } from '../providers/upstream/with-redaction.ts';

/** Makes a provider of any type but the sandbox. @throws Error that says what to do if its settings cannot be used */
export async function makeProvider(
  name: string,
  { type, settings }: ProviderSettings,
  tools: ProviderTools,
): Promise<Provider> {
  const found = providerTypes.find((one) => one.type === type);
  // Cannot happen: the configuration was checked against the same list.
  if (found === undefined) throw new Error(`unknown provider type ${type}`);
  return withRedaction(await found.create(name, settings, tools), secretsIn(settings));
}

/** Makes each provider and closes it again, without calling anybody. @returns by name, the reason why a provider cannot be made */
export async function tryProviders(
  providers: Config['providers'],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const tools = { folder, fetchPublic: () => Promise.reject(new Error('nothing is fetched')) };
  const problems = new Map<string, string>();
  for (const [name, settings] of Object.entries(providers)) {
    if (settings.type === SANDBOX) continue;
    try {
      const provider = await makeProvider(name, settings, tools);
      await provider.close?.();
    } catch (error) {
      problems.set(name, error instanceof Error ? error.message : String(error));
    }
  }
  return problems;
}

/** Settings that say which upstream a provider orders from, and with which credentials. All other settings only say how. */
const WHERE = ['base_url', 'dialect', 'package'] as const;
const AS_WHOM = ['api_key', 'headers', 'export', 'options', 'paid', 'idempotency_key_header'] as const;

/** Which upstream a provider orders from, and with which credentials. After a change of this, it knows nothing of earlier orders. */
export function identityOf({ type, settings }: ProviderSettings): unknown {
  return [type, ...[...WHERE, ...AS_WHOM].map((name) => settings[name] ?? null)];
}

/** Whether both order from the same upstream, with whatever credentials. */
export function isSamePlace(one: ProviderSettings, other: ProviderSettings): boolean {
  const placeOf = ({ type, settings }: ProviderSettings) => [type, ...WHERE.map((name) => settings[name])];
  return isDeepStrictEqual(placeOf(one), placeOf(other));
}

/**
 * Texts whose setting's name says that they are secret, at any depth, and the values of all headers. They must never appear in an error.
 */
function secretsIn(settings: JsonObject): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value === 'string') return /key|token|secret|password/i.test(name) ? [value] : [];
    if (name === 'headers') return Object.values(value ?? {}).filter((one) => typeof one === 'string');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? secretsIn(value as JsonObject) : [];
  });
}
