import type { Json, JsonObject } from '../../domain/json.ts';

/** Members with the caller's own content, which stay unchanged: in a tool's schema a null may have a meaning. */
const THEIRS: ReadonlySet<string> = new Set(['metadata', 'parameters', 'arguments']);

/** Removes the nulls of an order at any depth. A null counts as absent, because many programs write one for a value that is not set. */
export function present(object: JsonObject): JsonObject {
  const members = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(members.map(([name, value]) => [name, THEIRS.has(name) ? value : within(value)]));
}

function within(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(within) : present(value as JsonObject);
}
