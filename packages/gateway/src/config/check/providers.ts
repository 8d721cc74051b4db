import { type ConfigDefaults, SANDBOX } from '../config.ts';
import { entries, entry } from '../loose.ts';
import type { YamlSource } from '../yaml-source.ts';
import { checkAgainst } from './shape.ts';
import { hint } from './suggest.ts';

/** Reports providers of unknown types, and settings that do not fit their type. */
export function checkProviders(source: YamlSource, file: unknown, { providerTypes }: ConfigDefaults): void {
  for (const [name, provider] of entries(entry(file, 'providers'))) {
    const type = entry(provider, 'type');
    if (typeof type !== 'string') continue;
    const at = ['providers', name];
    const settings = providerTypes.get(type);
    if (settings === undefined)
      source.report([...at, 'type'], `unknown provider type "${type}"${hint(type, providerTypes.keys())}`);
    else if (name === SANDBOX && type !== SANDBOX)
      source.report([...at, 'type'], `the provider "${SANDBOX}" is built in and cannot be of type "${type}"`);
    else checkAgainst(source, settings, at, ['type']);
  }
}
