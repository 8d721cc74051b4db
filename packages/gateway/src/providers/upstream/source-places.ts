import { GenlockError } from '../../domain/error.ts';
import type { SourceMedia } from '../../domain/request.ts';
import type { Values } from './places.ts';

type Role = SourceMedia['role'];

/** Roles that work can start from, whichever a contract uses. */
const STARTS: readonly Role[] = ['source', 'first_frame', 'reference'];
const PICTURES: readonly Role[] = [...STARTS, 'second', 'pose', 'last_frame'];

const pick =
  (...roles: readonly Role[]) =>
  (sources: readonly SourceMedia[]): readonly SourceMedia[] =>
    sources.filter(({ role }) => roles.includes(role)).slice(0, 1);

/** The names of sources in templates, and the sources that each stands for. */
const PICKS: Readonly<Record<string, (sources: readonly SourceMedia[]) => readonly SourceMedia[]>> = {
  source: pick(...STARTS),
  second_source: pick('second'),
  pose: pick('pose'),
  reference: pick('reference'),
  first_frame: pick('first_frame'),
  last_frame: pick('last_frame'),
  audio: pick('audio'),
  video: pick('video'),
  sources: (sources) => sources.filter(({ role }) => PICTURES.includes(role)),
};

export const SOURCE_NAMES: readonly string[] = Object.keys(PICKS);

/**
 * The sources that a template has a place for. Work that left one out would not be what was ordered.
 *
 * @throws GenlockError `model_misconfigured`
 */
export function sourcesFor(
  places: ReadonlySet<string>,
  sources: readonly SourceMedia[] = [],
): readonly SourceMedia[] {
  const placed = new Set([...places].flatMap((name) => PICKS[name]?.(sources) ?? []));
  const left = sources.find((source) => !placed.has(source));
  if (left !== undefined)
    throw new GenlockError('model_misconfigured', undefined, {
      raw: `the model’s input has no place for a source that is its ${left.role}`,
    });
  return [...placed];
}

/** The values of the sources: the upstream's reference to each. */
export function sourceValues(
  sources: readonly SourceMedia[] = [],
  known: ReadonlyMap<SourceMedia, string>,
): Values {
  const values = Object.entries(PICKS).map(([name, pickFrom]) => {
    const links = pickFrom(sources).flatMap((source) => known.get(source) ?? []);
    const value = name === 'sources' && links.length > 0 ? links : links[0];
    return [name, value] as const;
  });
  return Object.fromEntries(values);
}
