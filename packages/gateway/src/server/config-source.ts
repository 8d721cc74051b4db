import { readFile } from 'node:fs/promises';
import type { Config, ConfigDefaults, KnownModel } from '../config/config.ts';
import { defaultConfig, loadConfig } from '../config/load.ts';
import { diffNeedsRestart, withFixed } from '../config/restart.ts';
import { watchConfig } from '../config/watch.ts';
import type { Kind } from '../domain/request.ts';
import type { Dialect } from '../gateway/dialect.ts';
import { modelKey } from '../gateway/models/model-registry.ts';
import type { DialectModule } from '../http/module.ts';
import { providerSettings } from '../providers/index.ts';
import type { Log } from '../telemetry/log.ts';

export interface ConfigSource {
  current(): Config;
  onChange(listener: (config: Config) => void): void;
  /**
   * Registers what has to be ready before a new configuration applies. If `prepare` throws, the configuration is not taken. The function
   * that it returns is called when the configuration applies, and returns what changed.
   */
  beforeChange(prepare: (next: Config) => Promise<() => object>): void;
  /** Reads the file again now (SIGHUP). A file with errors changes nothing and is logged. */
  reload(): Promise<void>;
  close(): void;
}

export interface ConfigSourceOptions {
  /** Undefined: the defaults apply. */
  readonly file: string | undefined;
  /** The file may be absent. Until it exists the defaults apply. */
  readonly mayBeAbsent?: boolean;
  readonly modules: readonly DialectModule[];
  readonly emulator: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: () => Log;
}

/** Dialects with several host names. */
const HOST_PARTS = { llmtune: ['api', 'dashboard'] };

/** What the dialects contribute to the configuration: their settings, their models, and the provider types that exist. */
export function configDefaults(modules: readonly DialectModule[], emulator: boolean): ConfigDefaults {
  return {
    dialects: Object.fromEntries(modules.map(({ dialect, defaults }) => [dialect.name, defaults])),
    knownModels: new Map(
      modules.flatMap(({ dialect }) =>
        dialect.models.map(
          ({ id, kind }) => [modelKey(dialect.name, id), knownModel(kind, dialect)] as const,
        ),
      ),
    ),
    providerTypes: providerSettings(),
    hostParts: HOST_PARTS,
    emulator,
  };
}

function knownModel(kind: Kind, { pricedBy }: Dialect): KnownModel {
  return { kind, ...(pricedBy && { pricedBy }) };
}

/** @throws ConfigError, or an error of the file system, if the file cannot be used at start */
export async function openConfig({
  file,
  mayBeAbsent = false,
  modules,
  emulator,
  env,
  log,
}: ConfigSourceOptions): Promise<ConfigSource> {
  const defaults = configDefaults(modules, emulator);
  if (file === undefined) {
    const fixed = defaultConfig(defaults);
    return {
      current: () => fixed,
      onChange: () => {},
      beforeChange: () => {},
      reload: async () => {},
      close: () => {},
    };
  }

  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (mayBeAbsent && error.code === 'ENOENT') return null;
    throw error;
  });
  let current = text === null ? defaultConfig(defaults) : loadConfig(text, file, defaults, env);
  const listeners: ((config: Config) => void)[] = [];
  const preparing: ((next: Config) => Promise<() => object>)[] = [];
  const watcher = watchConfig(
    file,
    { defaults, env, text },
    async (read) => {
      const next = withFixed(current, read);
      const ready: (() => object)[] = [];
      for (const prepare of preparing) ready.push(await prepare(next));
      const late = diffNeedsRestart(current, read);
      current = next;
      const changed = Object.assign({}, ...ready.map((put) => put()));
      for (const listener of listeners) listener(next);
      const told = { ...changed, needsRestart: late };
      if (late.length === 0) log().info(told, 'configuration changed');
      else log().warn(told, 'configuration changed, and part of it only holds after a restart');
    },
    (error) => log().error({ err: error }, 'configuration not changed: the file cannot be used'),
  );
  return {
    current: () => current,
    onChange: (listener) => listeners.push(listener),
    beforeChange: (prepare) => preparing.push(prepare),
    reload: () => watcher.reload(),
    close: () => watcher.close(),
  };
}
