import type { CircuitPolicy } from '../../domain/circuit.ts';
import { COUNTED_IN } from '../../domain/pricing.ts';
import type { RetryPolicy } from '../../domain/retry-decision.ts';
import type { ConfigDefaults, KnownModel } from '../config.ts';
import type { Path } from '../issues.ts';
import { entries, entry, items } from '../loose.ts';
import { parseDuration } from '../units.ts';
import type { YamlSource } from '../yaml-source.ts';
import { hint } from './suggest.ts';

/** Values to compare the file with that are not in the file itself. */
export interface Surroundings extends Pick<ConfigDefaults, 'knownModels'> {
  readonly retries: RetryPolicy;
  readonly routeHealth: CircuitPolicy;
}

/** Reports values that are valid alone but contradict each other. Like {@link checkNames} it ignores what does not have the right form. */
export function checkTogether(
  source: YamlSource,
  file: unknown,
  { retries, routeHealth, knownModels }: Surroundings,
): void {
  checkHostsDiffer(source, file);
  for (const [name, dialect] of entries(entry(file, 'dialects'))) checkPacksDiffer(source, name, dialect);
  for (const [name, model] of entries(entry(file, 'models'))) {
    const known = knownModels.get(name);
    checkPrice(source, ['models', name, 'price'], entry(model, 'price'), known);
    for (const [index, route] of items(entry(model, 'routes')).entries())
      checkPrice(source, ['models', name, 'routes', index, 'cost'], entry(route, 'cost'), known);
    for (const [index, pair] of items(entry(model, 'exclusive')).entries()) {
      const [one, other] = items(pair);
      if (one !== undefined && one === other)
        source.report(['models', name, 'exclusive', index], 'expected two different fields');
    }
  }
  checkDelays(source, entry(file, 'retries'), retries);
  checkRouteHealth(source, entry(file, 'route_health'), routeHealth);
}

function checkPrice(source: YamlSource, at: Path, price: unknown, known: KnownModel | undefined): void {
  const unit = entry(price, 'unit');
  if (typeof unit !== 'string') return;
  if (known !== undefined) checkFits(source, at, price, unit, known);
  if (unit === 'token' || entry(price, 'output_usd') === undefined) return;
  source.report([...at, 'output_usd'], `only a price per token can have it; this one is per ${unit}`, 'key');
}

/** Reports units and factors that could not change a price, because the model does not count in the unit or does not take the input. */
function checkFits(
  source: YamlSource,
  at: Path,
  price: unknown,
  unit: string,
  { kind, pricedBy }: KnownModel,
): void {
  const units: readonly string[] = COUNTED_IN[kind];
  if (!units.includes(unit))
    source.report([...at, 'unit'], `the work of the model is counted by ${units.join(', ')}, not by ${unit}`);
  for (const [name] of pricedBy === undefined ? [] : entries(entry(price, 'factors')))
    if (!pricedBy?.includes(name))
      source.report(
        [...at, 'factors', name],
        `no price can depend on "${name}" here${hint(name, pricedBy ?? [])}`,
        'key',
      );
}

function checkHostsDiffer(source: YamlSource, file: unknown): void {
  const taken = new Map<string, string>();
  const take = (host: unknown, path: Path) => {
    if (typeof host !== 'string') return;
    const name = path.slice(1).join('.');
    const other = taken.get(host.toLowerCase());
    if (other === undefined) taken.set(host.toLowerCase(), name);
    else source.report(path, `the host name is taken by ${other}`);
  };
  for (const [dialect, target] of entries(entry(file, 'hosts'))) {
    take(target, ['hosts', dialect]);
    for (const [part, host] of entries(target)) take(host, ['hosts', dialect, part]);
  }
}

function checkPacksDiffer(source: YamlSource, dialect: string, settings: unknown): void {
  const seen = new Set<unknown>();
  for (const [index, pack] of items(entry(settings, 'packs')).entries()) {
    const id = entry(pack, 'id');
    if (id !== undefined && seen.has(id))
      source.report(['dialects', dialect, 'packs', index, 'id'], `there is a pack "${String(id)}" already`);
    seen.add(id);
  }
}

function checkDelays(source: YamlSource, settings: unknown, defaults: RetryPolicy): void {
  const base = delay(entry(settings, 'base_delay'), defaults.baseDelayMs);
  const max = delay(entry(settings, 'max_delay'), defaults.maxDelayMs);
  if (base === undefined || max === undefined || base <= max) return;
  const name = entry(settings, 'max_delay') === undefined ? 'base_delay' : 'max_delay';
  source.report(['retries', name], `base_delay (${base} ms) is above max_delay (${max} ms)`);
}

function checkRouteHealth(source: YamlSource, settings: unknown, defaults: CircuitPolicy): void {
  const open = delay(entry(settings, 'open_for'), defaults.openMs);
  const max = delay(entry(settings, 'max_open'), defaults.maxOpenMs);
  if (open !== undefined && max !== undefined && open > max) {
    const name = entry(settings, 'max_open') === undefined ? 'open_for' : 'max_open';
    source.report(['route_health', name], `open_for (${open} ms) is above max_open (${max} ms)`);
  }
  const { min_calls: least = defaults.minCalls, window = defaults.window } = {
    min_calls: entry(settings, 'min_calls'),
    window: entry(settings, 'window'),
  };
  if (typeof least !== 'number' || typeof window !== 'number' || least <= window) return;
  const name = entry(settings, 'min_calls') === undefined ? 'window' : 'min_calls';
  source.report(['route_health', name], `min_calls (${least}) is above window (${window})`);
}

function delay(written: unknown, otherwise: number): number | undefined {
  if (written === undefined) return otherwise;
  return typeof written === 'string' ? parseDuration(written) : undefined;
}
