import { type Config, SANDBOX } from '../config/config.ts';
import type { JsonObject } from '../domain/generation.ts';
import { providerTypes } from '../providers/index.ts';
import type { Provider } from '../providers/port.ts';
import type { ProviderTools } from '../providers/provider-type.ts';
import { MediaPool } from '../providers/sandbox/media/pool.ts';
import { createSandbox } from '../providers/sandbox/sandbox.ts';
import { withRedaction } from '../providers/upstream/with-redaction.ts';
import { probeMedia } from './probe-media.ts';

/** Makes every provider of the configuration. The sandbox has one set of threads under all its names. */
export async function createProviders(
  { providers }: Config,
  tools: ProviderTools,
): Promise<readonly Provider[]> {
  const sandbox = createSandbox({ media: new MediaPool(), sizeOf });
  return Promise.all(
    Object.entries(providers).map(async ([name, { type, settings }]) => {
      if (type === SANDBOX) return { ...sandbox, name };
      const found = providerTypes.find((one) => one.type === type);
      // The configuration was checked against the same list.
      if (found === undefined) throw new Error(`unknown provider type ${type}`);
      return withRedaction(await found.create(name, settings, tools), secretsIn(settings));
    }),
  );
}

/** Texts under names that say so, at any depth, and all headers: what they hold is never to be read in an error. */
function secretsIn(settings: JsonObject): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value === 'string') return /key|token|secret|password/i.test(name) ? [value] : [];
    if (name === 'headers') return Object.values(value ?? {}).filter((one) => typeof one === 'string');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? secretsIn(value as JsonObject) : [];
  });
}

async function sizeOf(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  const { width = 0, height = 0 } = await probeMedia(bytes);
  return { width, height };
}
