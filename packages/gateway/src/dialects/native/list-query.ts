import { GenlockError } from '../../domain/error.ts';
import { STATUSES, type Status } from '../../domain/generation.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Core } from '../../gateway/core.ts';
import type { GenerationFilter } from '../../store/port.ts';

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 100;
const MAX_TEXT = 512;

export interface PageQuery {
  readonly limit: number;
  readonly cursor: string | undefined;
}

export interface ListQuery extends PageQuery {
  /** Only what was ordered under this key, together with the other filters. */
  readonly idempotencyKey: string | undefined;
  readonly filter: { readonly dialect?: string } & Pick<GenerationFilter, 'status' | 'model'>;
}

/** `limit` and `cursor` of any list. @throws GenlockError `invalid_parameter` */
export function readPageQuery(query: JsonObject): PageQuery {
  return { limit: readLimit(textIn(query, 'limit')), cursor: textIn(query, 'cursor') };
}

/** The query of the list of generations. @throws GenlockError `invalid_parameter` */
export function readListQuery(core: Core, query: JsonObject): ListQuery {
  const page = readPageQuery(query);
  const status = textIn(query, 'status');
  const model = textIn(query, 'model');
  const dialect = textIn(query, 'dialect');
  if (status !== undefined && !isStatus(status))
    throw invalid('status', `must be one of ${STATUSES.join(', ')}`);
  if (dialect !== undefined && !core.dialects.has(dialect)) throw invalid('dialect', 'is no dialect');
  return {
    ...page,
    idempotencyKey: textIn(query, 'idempotency_key'),
    filter: {
      ...(status !== undefined && { status }),
      ...(model !== undefined && { model }),
      ...(dialect !== undefined && { dialect }),
    },
  };
}

function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text);
}

function readLimit(written: string | undefined): number {
  if (written === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(written) ? Number(written) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw invalid('limit', `must be an integer from 1 to ${MAX_LIMIT}`);
  return limit;
}

/** A member of the query that was given once and is not empty. @throws GenlockError `invalid_parameter` */
export function textIn(query: JsonObject, name: string): string | undefined {
  const value: Json | undefined = query[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw invalid(name, 'must be given once, with a value');
  if (value.length > MAX_TEXT) throw invalid(name, `must have at most ${MAX_TEXT} characters`);
  return value;
}

export function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}
