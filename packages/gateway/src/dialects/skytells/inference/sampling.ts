import type { Json, JsonObject } from '../../../domain/json.ts';
import type { Sampling } from '../../../domain/request.ts';
import type { ModelSpec } from '../models.ts';
import { integerIn, invalid, isList, numberIn } from './fields.ts';

/** The values for text in the vendor's model catalogue. */
const TEMPERATURE = 0.7;
const TOP_P = 0.95;
const MAX_STOPS = 4;

/**
 * Sampling parameters. `lengths`: the names of the maximum length; the first one given counts.
 *
 * @throws GenlockError `invalid_parameter`
 */
export function readSampling(body: JsonObject, spec: ModelSpec, lengths: readonly string[]): Sampling {
  const longest = spec.maxOutputTokens ?? 1;
  const asked = lengths
    .map((name) => integerIn(body, name, 1, longest))
    .find((length) => length !== undefined);
  const stop = readStop(body.stop);
  return {
    maxTokens: asked ?? longest,
    temperature: numberIn(body, 'temperature', 0, 2) ?? TEMPERATURE,
    topP: numberIn(body, 'top_p', 0, 1) ?? TOP_P,
    ...(stop !== undefined && { stop }),
  };
}

function readStop(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const stops = isList(value) ? value : [value];
  if (
    stops.length > MAX_STOPS ||
    !stops.every((stop): stop is string => typeof stop === 'string' && stop !== '')
  )
    throw invalid('stop', `must be a text or a list of at most ${MAX_STOPS} texts`);
  return stops;
}
