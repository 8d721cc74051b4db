import { GenlockError } from '../../../domain/error.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';

/** Readers for members of a body. Null counts as absent; every error names the member as the caller wrote it. */

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}

/** @throws GenlockError `parameter_missing` */
export function required(body: JsonObject, name: string): NonNullable<Json> {
  const value = body[name] ?? null;
  if (value === null) throw new GenlockError('parameter_missing', `${name} is required.`, { param: name });
  return value;
}

/** @throws GenlockError `invalid_parameter` */
export function numberIn(body: JsonObject, name: string, min: number, max: number): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || value < min || value > max)
    throw invalid(name, `must be a number from ${min} to ${max}`);
  return value;
}

/** @throws GenlockError `invalid_parameter` */
export function integerIn(body: JsonObject, name: string, min: number, max: number): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw invalid(name, min === max ? `must be ${min}` : `must be an integer from ${min} to ${max}`);
  return value;
}

/** Absent is false. @throws GenlockError `invalid_parameter` */
export function flag(body: JsonObject, name: string): boolean {
  const value = body[name] ?? false;
  if (typeof value !== 'boolean') throw invalid(name, 'must be true or false');
  return value;
}
