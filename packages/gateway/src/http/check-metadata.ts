import { GenlockError } from '../domain/error.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** The size of the metadata as compact UTF-8 JSON. */
const MAX_BYTES = 4096;

/** Checks what callers attach to an order, which is shown again exactly as they wrote it. @throws GenlockError `invalid_parameter` */
export function checkMetadata(metadata: JsonObject | undefined): void {
  if (metadata === undefined) return;
  if (!keepsNumbers(metadata)) throw objection('must write integers beyond 2^53 as text');
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_BYTES)
    throw objection('must be at most 4096 bytes of JSON');
}

/**
 * Whether every number of a value survives unchanged. Integers beyond 2^53 are rounded when JSON is read, and `1e400` becomes null when it
 * is written again. The value shown would then differ from what was sent, and two different bodies would look the same.
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
