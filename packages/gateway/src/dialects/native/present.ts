import type { Json, JsonObject } from '../../domain/json.ts';

/** What is the caller's own, and goes on as it came: in a schema of a tool a null may mean something. */
const THEIRS: ReadonlySet<string> = new Set(['metadata', 'parameters', 'arguments']);

/** An order without its nulls, at any depth: a null counts as absent, since many programs write one where nothing is set. */
export function present(object: JsonObject): JsonObject {
  const members = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(members.map(([name, value]) => [name, THEIRS.has(name) ? value : within(value)]));
}

function within(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(within) : present(value as JsonObject);
}
