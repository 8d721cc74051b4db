import { ConfigError } from '../config/issues.ts';
import { loadConfig } from '../config/load.ts';
import { dialectModules } from '../dialects/index.ts';
import { configDefaults } from '../server/config-source.ts';

/** Every problem of a configuration file, a line each with its position; undefined when it can be used. */
export async function checkConfig(text: string, file: string): Promise<string | undefined> {
  try {
    loadConfig(text, file, configDefaults(dialectModules, false), process.env);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}
