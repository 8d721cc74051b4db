import { isDeepStrictEqual } from 'node:util';
import { type Config, type ProviderSettings, SANDBOX } from '../config/config.ts';
import { type Configured, ProviderSet } from '../gateway/routes/provider-set.ts';
import type { Provider } from '../providers/port.ts';
import type { ProviderTools } from '../providers/provider-type.ts';
import { MediaPool } from '../providers/sandbox/media/pool.ts';
import { createSandbox } from '../providers/sandbox/sandbox.ts';
import { withSuccessor } from '../providers/with-successor.ts';
import type { Log } from '../telemetry/log.ts';
import { identityOf, isSamePlace, makeProvider } from './make-provider.ts';
import { probeMedia } from './probe-media.ts';

export interface ProviderSourceParts {
  readonly tools: ProviderTools;
  /** Providers used in place of configured ones of the same name, whatever the configuration says. */
  readonly fixed: readonly Provider[];
  /** Wraps each provider, e.g. to inject faults. */
  readonly wrap: (provider: Provider) => Provider;
  readonly now: () => number;
  readonly log: Log;
}

/** The providers that the configuration names, made anew when it changes. */
export interface ProviderSource {
  readonly providers: ProviderSet;
  /**
   * Makes the providers that another configuration adds or changes.
   *
   * @returns a function that puts them in force and returns the names that were added, changed or removed
   * @throws Error that says what to do if one of them cannot be made; nothing has changed then
   */
  prepare(config: Config): Promise<() => readonly string[]>;
  close(): Promise<void>;
}

interface Made extends Configured {
  readonly settings: ProviderSettings;
}

type ByName = ReadonlyMap<string, Made>;

/** @throws Error that says what to do if a provider cannot be made */
export async function openProviders(config: Config, parts: ProviderSourceParts): Promise<ProviderSource> {
  const { tools, wrap, now, log } = parts;
  // All sandboxes share one set of threads, whatever their names. It belongs to none of them and ends with the program.
  const { close: closeSandbox, ...sandbox } = createSandbox({ media: new MediaPool(), probe: probeMedia });
  const fixed = parts.fixed.map((provider) => ({ provider: wrap(provider), identity: provider.name }));
  let current: ByName = new Map();

  const make = async (name: string, settings: ProviderSettings): Promise<Made> => {
    const identity = identityOf(settings);
    if (settings.type === SANDBOX) return { settings, identity, provider: wrap({ ...sandbox, name }) };
    const successor = (): Provider | undefined => {
      const next = current.get(name);
      return next !== undefined && next !== made && isSamePlace(next.settings, settings)
        ? next.provider
        : undefined;
    };
    const provider = withSuccessor(await makeProvider(name, settings, tools), successor);
    const made: Made = { settings, identity, provider: wrap(provider) };
    return made;
  };

  const makeAll = async ({ providers }: Config): Promise<ByName> => {
    const wanted = Object.entries(providers).filter(
      ([name]) => !fixed.some(({ provider }) => provider.name === name),
    );
    const settled = await Promise.allSettled(
      wanted.map(async ([name, settings]) => {
        const before = current.get(name);
        const same = before !== undefined && isDeepStrictEqual(before.settings, settings);
        return [name, same ? before : await make(name, settings)] as const;
      }),
    );
    const made = new Map(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed === undefined) return made;
    const unused = [...made].filter(([name, one]) => current.get(name) !== one);
    await Promise.all(unused.map(([, { provider }]) => provider.close?.()));
    throw failed.reason;
  };

  current = await makeAll(config);
  const providers = new ProviderSet([...current.values(), ...fixed], { now, log });
  return {
    providers,
    prepare: async (next) => {
      const made = await makeAll(next);
      return () => {
        const names = new Set([...current.keys(), ...made.keys()]);
        const changed = [...names].filter((name) => current.get(name) !== made.get(name));
        current = made;
        providers.replace([...made.values(), ...fixed]);
        return changed;
      };
    },
    close: async () => {
      await providers.close();
      await closeSandbox?.();
    },
  };
}
