import { type ConfigDefaults, SANDBOX } from '../config.ts';
import type { Path } from '../issues.ts';
import { entries, entry, items } from '../loose.ts';
import { parseRoute } from '../route.ts';
import type { YamlSource } from '../yaml-source.ts';
import { checkProviders } from './providers.ts';
import { hint } from './suggest.ts';

/**
 * Reports names of things that do not exist: dialects, their parts, models, provider types and providers. It also runs on files with other
 * errors, so that everything is reported at once, and ignores what does not have the right form.
 */
export function checkNames(source: YamlSource, file: unknown, defaults: ConfigDefaults): void {
  const dialects = Object.keys(defaults.dialects);
  const dialect = (name: string, path: Path) => {
    if (!Object.hasOwn(defaults.dialects, name))
      source.report(path, `unknown dialect "${name}"${hint(name, dialects)}`, 'key');
  };

  for (const [name, settings] of entries(entry(file, 'dialects'))) {
    dialect(name, ['dialects', name]);
    const known = Object.hasOwn(defaults.dialects, name) ? defaults.dialects[name] : undefined;
    if (known !== undefined && known.canceledAs === undefined && entry(settings, 'canceled_as') !== undefined)
      source.report(['dialects', name, 'canceled_as'], `${name} knows one spelling only`, 'key');
  }
  for (const [name, target] of entries(entry(file, 'hosts'))) {
    dialect(name, ['hosts', name]);
    if (Object.hasOwn(defaults.dialects, name)) checkParts(source, name, target, defaults);
  }
  for (const [name] of entries(entry(file, 'models'))) checkModel(source, name, defaults);
  checkProviders(source, file, defaults);
  checkRoutes(source, file);
}

function checkParts(
  source: YamlSource,
  dialect: string,
  target: unknown,
  { hostParts }: ConfigDefaults,
): void {
  if (hostParts === undefined) return;
  const parts = Object.hasOwn(hostParts, dialect) ? (hostParts[dialect] ?? []) : [];
  if (typeof target === 'string' && parts.length > 0)
    source.report(['hosts', dialect], `expected a host name for each of ${parts.join(', ')}`);
  // Which parts exist is checked by the schema.
  for (const [part] of parts.length === 0 ? entries(target) : [])
    source.report(['hosts', dialect, part], `${dialect} has one host name only`, 'key');
}

function checkModel(source: YamlSource, name: string, { dialects, knownModels }: ConfigDefaults): void {
  if (knownModels.has(name)) return;
  const slash = name.indexOf('/');
  const dialect = name.slice(0, Math.max(slash, 0));
  const path = ['models', name];
  if (slash < 1) {
    const whole = [...knownModels.keys()].find((model) => model.endsWith(`/${name}`));
    const meant = whole === undefined ? hint(name, knownModels.keys()) : `; did you mean "${whole}"?`;
    source.report(path, `expected <dialect>/<model id>, found "${name}"${meant}`, 'key');
  } else if (!Object.hasOwn(dialects, dialect))
    source.report(path, `unknown dialect "${dialect}"${hint(dialect, Object.keys(dialects))}`, 'key');
  else {
    const own = [...knownModels.keys()].filter((model) => model.startsWith(`${dialect}/`));
    source.report(path, `unknown model "${name}"${hint(name, own)}`, 'key');
  }
}

function checkRoutes(source: YamlSource, file: unknown): void {
  const providers = new Set([SANDBOX, ...entries(entry(file, 'providers')).map(([name]) => name)]);
  for (const [name, model] of entries(entry(file, 'models'))) {
    for (const [index, route] of items(entry(model, 'routes')).entries()) {
      const path = ['models', name, 'routes', index];
      const provider = typeof route === 'string' ? parseRoute(route)?.provider : entry(route, 'provider');
      if (typeof provider !== 'string' || providers.has(provider)) continue;
      source.report(
        typeof route === 'string' ? path : [...path, 'provider'],
        `unknown provider "${provider}", which is not under providers${hint(provider, providers)}`,
      );
    }
  }
}
