import { GenlockError } from '../../domain/error.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { GenerationFilter } from '../../store/port.ts';
import { statusFromWire } from './generation-object.ts';
import { findProduct } from './products.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const MAX_CURSOR = 512;

export interface ListQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly filter: Pick<GenerationFilter, 'status' | 'model'>;
}

/** The query of a list (contract section 7). @throws GenlockError `invalid_parameter` */
export function readListQuery(query: JsonObject): ListQuery {
  const cursor = text(query, 'cursor');
  const status = text(query, 'status');
  const product = text(query, 'product');
  const known = status === undefined ? undefined : statusFromWire(status);
  if (status !== undefined && known === undefined)
    throw invalid('status', 'must be a status of a generation');
  if (product !== undefined && findProduct(product) === undefined) throw invalid('product', 'is no product');
  if (cursor !== undefined && cursor.length > MAX_CURSOR)
    throw invalid('cursor', 'must be a cursor of a list');
  return {
    limit: readLimit(text(query, 'limit')),
    ...(cursor !== undefined && { cursor }),
    filter: {
      ...(known !== undefined && { status: known }),
      ...(product !== undefined && { model: product }),
    },
  };
}

function readLimit(written: string | undefined): number {
  if (written === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(written) ? Number(written) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw invalid('limit', `must be an integer from 1 to ${MAX_LIMIT}`);
  return limit;
}

/** A member that was given once and is not empty. */
function text(query: JsonObject, name: string): string | undefined {
  const value: Json | undefined = query[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw invalid(name, 'must be given once, with a value');
  return value;
}

function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}
