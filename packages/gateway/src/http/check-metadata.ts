import { GenlockError } from '../domain/error.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** Measured on compact UTF-8 JSON. */
const MAX_BYTES = 4096;

/** Of what callers hang on an order, to be shown again as they wrote it. @throws GenlockError `invalid_parameter` */
export function checkMetadata(metadata: JsonObject | undefined): void {
  if (metadata === undefined) return;
  if (!keepsNumbers(metadata)) throw objection('must write integers beyond 2^53 as text');
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_BYTES)
    throw objection('must be at most 4096 bytes of JSON');
}

/**
 * Whether every number of a value is still what was written. Integers beyond 2^53 are rounded when JSON is read, and `1e400` becomes
 * null when it is written again, so that an echo would differ and two different bodies would look the same.
 */
function keepsNumbers(value: Json): boolean {
  if (typeof value === 'number')
    return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(keepsNumbers);
}

function objection(why: string): GenlockError {
  return new GenlockError('invalid_parameter', `metadata ${why}.`, { param: 'metadata' });
}
