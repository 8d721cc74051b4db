import type { JsonObject } from '../../domain/json.ts';
import type { FormPart } from './request.ts';

/** An order with the operator's own members, which override ours; null removes a member. */
export function withParameters(order: JsonObject, parameters: JsonObject = {}): JsonObject {
  const merged = Object.entries({ ...order, ...parameters });
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}

/** An order as form fields: text unchanged, all else as JSON. */
export function fieldsOf(order: JsonObject): FormPart[] {
  return Object.entries(order).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}
