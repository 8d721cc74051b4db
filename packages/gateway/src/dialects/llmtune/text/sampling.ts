import { Type } from 'typebox';
import { GenlockError } from '../../../domain/error.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { Sampling } from '../../../domain/request.ts';

/**
 * Every inference endpoint takes both spellings (contract section 4), and `max_completion_tokens` is the present name of the limit in
 * OpenAI's own clients: if it were ignored, its callers would pay for the default.
 */
export const samplingFields = {
  temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
  max_tokens: Type.Optional(Type.Integer({ minimum: 1 })),
  maxTokens: Type.Optional(Type.Integer({ minimum: 1 })),
  max_completion_tokens: Type.Optional(Type.Integer({ minimum: 1 })),
  top_p: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
  topP: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
  top_k: Type.Optional(Type.Integer({ minimum: 1 })),
  topK: Type.Optional(Type.Integer({ minimum: 1 })),
};

export interface SamplingFields {
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly maxTokens?: number;
  readonly max_completion_tokens?: number;
  readonly top_p?: number;
  readonly topP?: number;
  readonly top_k?: number;
  readonly topK?: number;
}

/** The defaults, which differ between the pages of the endpoints (contract sections 4, 5 and 16). */
export interface SamplingDefaults {
  readonly maxTokens: number;
  readonly topK?: number;
}

export const TEMPERATURE = 0.7;
const TOP_P = 1;

/** @throws GenlockError `parameter_conflict` if two spellings of one parameter have different values */
export function readSampling(fields: SamplingFields, defaults: SamplingDefaults): Sampling {
  const topK = oneOf('topK', fields.topK, fields.top_k) ?? defaults.topK;
  const maxTokens = oneOf('maxTokens', fields.maxTokens, fields.max_tokens, fields.max_completion_tokens);
  return {
    temperature: fields.temperature ?? TEMPERATURE,
    maxTokens: maxTokens ?? defaults.maxTokens,
    topP: oneOf('topP', fields.topP, fields.top_p) ?? TOP_P,
    ...(topK !== undefined && { topK }),
  };
}

function oneOf(param: string, ...spellings: readonly (number | undefined)[]): number | undefined {
  const [said, ...others] = spellings.filter((value) => value !== undefined);
  if (others.some((other) => other !== said))
    throw new GenlockError('parameter_conflict', `Two spellings of ${param} have different values.`, {
      param,
    });
  return said;
}

/** OpenAI takes up to four stop texts. */
const MAX_STOPS = 4;

/** One stop text or a list of them. @throws GenlockError `invalid_parameter` */
export function readStop(stop: Json | undefined): readonly string[] | undefined {
  if (stop === undefined) return undefined;
  const stops = Array.isArray(stop) ? (stop as readonly Json[]) : [stop];
  if (stops.length > MAX_STOPS || !stops.every((one): one is string => typeof one === 'string' && one !== ''))
    throw new GenlockError('invalid_parameter', `stop must be a text or up to ${MAX_STOPS} texts.`, {
      param: 'stop',
    });
  return stops;
}

/** Contract section 4: an object of at most 16 KB, measured as compact UTF-8 JSON. */
const MAX_METADATA_BYTES = 16 * 1024;

/** @throws GenlockError `invalid_parameter` */
export function readMetadata(metadata: JsonObject | undefined): JsonObject | null {
  if (metadata === undefined) return null;
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES)
    throw new GenlockError('invalid_parameter', 'metadata must be at most 16 KB of JSON.', {
      param: 'metadata',
    });
  return metadata;
}
