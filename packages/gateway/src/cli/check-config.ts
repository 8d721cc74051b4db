import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/issues.ts';
import { loadConfig } from '../config/load.ts';
import { YamlSource } from '../config/yaml-source.ts';
import { dialectModules } from '../dialects/index.ts';
import { configDefaults } from '../server/config-source.ts';
import { tryProviders } from '../server/make-provider.ts';

/** Every problem of a configuration file, one per line with its position; undefined if the file can be used. */
export async function checkConfig(text: string, file: string): Promise<string | undefined> {
  try {
    const config = loadConfig(text, file, configDefaults(dialectModules, false), process.env);
    await checkProviders(config, text, file);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** Makes the providers, since only that shows missing packages and files. @throws ConfigError */
async function checkProviders({ providers }: Config, text: string, file: string): Promise<void> {
  const source = new YamlSource(text, file, process.env);
  for (const [name, problem] of await tryProviders(providers, dirname(resolve(file)))) {
    const prefix = `providers.${name}`;
    const message = problem.startsWith(prefix)
      ? problem.slice(prefix.length).replace(/^[.:] ?/, '')
      : problem;
    source.report(['providers', name], message);
  }
  source.finish();
}
