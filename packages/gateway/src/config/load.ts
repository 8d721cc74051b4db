import { checkNames } from './check/names.ts';
import { checkShape } from './check/shape.ts';
import { checkTogether } from './check/together.ts';
import type { Config, ConfigDefaults } from './config.ts';
import { defaultRetries, defaultRouteHealth, resolveConfig } from './resolve/resolve.ts';
import type { ConfigFile } from './schema.ts';
import { type Environment, YamlSource } from './yaml-source.ts';

/**
 * Reads the text of a configuration file. `file` is its name in messages; `${NAME}` is looked up in `env`.
 *
 * @throws ConfigError with all problems at once, each with its line. If the text is not valid YAML, only that is reported, since the rest
 * cannot be trusted.
 */
export function loadConfig(text: string, file: string, defaults: ConfigDefaults, env: Environment): Config {
  const source = new YamlSource(text, file, env);
  const value = checkShape(source);
  checkNames(source, value, defaults);
  checkTogether(source, value, {
    retries: defaultRetries(defaults.emulator),
    routeHealth: defaultRouteHealth(),
    knownModels: defaults.knownModels,
  });
  source.finish();
  return resolveConfig(source.value() as ConfigFile, defaults);
}

/** The configuration without a file. */
export function defaultConfig(defaults: ConfigDefaults): Config {
  return resolveConfig({}, defaults);
}
