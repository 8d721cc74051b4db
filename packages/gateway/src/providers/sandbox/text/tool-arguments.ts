import type { Json, JsonObject } from '../../../domain/json.ts';
import type { Tool } from '../../../domain/request.ts';

const MAX_DEPTH = 6;
const MAX_MEMBERS = 64;

/**
 * Plausible arguments for a tool, taken from what the user wrote. `parameters` is JSON Schema, or a loose map of names and types such as
 * `{"path": "string"}`. If a schema has `required`, only those members are filled in.
 */
export function argumentsFor({ parameters = {} }: Tool, prompt: string): JsonObject {
  const { properties, required } = parameters;
  if (!isObject(properties))
    return fill(parameters.type === 'object' ? {} : parameters, undefined, prompt, 0);
  return fill(properties, Array.isArray(required) ? (required as readonly Json[]) : undefined, prompt, 0);
}

function fill(
  properties: JsonObject,
  required: readonly Json[] | undefined,
  prompt: string,
  depth: number,
): JsonObject {
  const wanted = Object.entries(properties).filter(([name]) => required?.includes(name) !== false);
  return Object.fromEntries(
    wanted.slice(0, MAX_MEMBERS).map(([name, schema]) => [name, valueFor(name, schema, prompt, depth + 1)]),
  );
}

function valueFor(name: string, schema: Json, prompt: string, depth: number): Json {
  // A loose map gives the type, or describes the member in words.
  if (!isObject(schema))
    return ofType(typeof schema === 'string' ? schema : 'string', name, {}, prompt, depth);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return mentioned(schema.enum, prompt);
  if (schema.default !== undefined) return schema.default;
  const type = Array.isArray(schema.type) ? (schema.type as readonly Json[])[0] : schema.type;
  return ofType(
    String(type ?? (isObject(schema.properties) ? 'object' : 'string')),
    name,
    schema,
    prompt,
    depth,
  );
}

function ofType(type: string, name: string, schema: JsonObject, prompt: string, depth: number): Json {
  switch (type) {
    case 'integer':
      return Math.round(numberIn(schema, prompt));
    case 'number':
      return numberIn(schema, prompt);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array':
      return depth >= MAX_DEPTH
        ? []
        : [valueFor(name.replace(/s$/, ''), schema.items ?? 'string', prompt, depth + 1)];
    case 'object':
      return depth >= MAX_DEPTH || !isObject(schema.properties)
        ? {}
        : fill(
            schema.properties,
            Array.isArray(schema.required) ? (schema.required as readonly Json[]) : undefined,
            prompt,
            depth,
          );
    default:
      return textFor(name, prompt);
  }
}

/** The first of the values that the prompt mentions, else the first one. */
function mentioned(values: readonly Json[], prompt: string): Json {
  const lower = prompt.toLowerCase();
  return (
    values.find((value) => typeof value === 'string' && lower.includes(value.toLowerCase())) ??
    values[0] ??
    null
  );
}

function numberIn({ minimum, maximum }: JsonObject, prompt: string): number {
  const found = Number(/-?\d{1,9}(?:\.\d{1,6})?/.exec(prompt)?.[0] ?? Number.NaN);
  const [low, high] = [
    Number(minimum ?? Number.NEGATIVE_INFINITY),
    Number(maximum ?? Number.POSITIVE_INFINITY),
  ];
  if (found >= low && found <= high) return found;
  return Number.isFinite(low) ? low : Math.min(1, high);
}

const QUOTED = /[`"“]([^`"“”]{1,200})[`"”]/;
const URL_IN_TEXT = /https?:\/\/[^\s)"'`]{1,500}/;
const FILE = /(?:[\w-]+\/)*[\w-]+\.[A-Za-z]\w{0,9}(?![\w/])/;
const FOLDER = /(?:\.{0,2}\/)?(?:[\w-]+\/)+[\w-]*/;
const PLACE = /(?<=\b(?:in|at|for|of|near|to) )\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)*/u;
const MAX_TEXT = 200;

/** The text in the prompt that suits a member of this name. */
function textFor(name: string, prompt: string): string {
  const quoted = QUOTED.exec(prompt)?.[1];
  if (/url|uri|link/i.test(name)) return URL_IN_TEXT.exec(prompt)?.[0] ?? 'https://example.com/';
  if (/dir|folder/i.test(name)) return FOLDER.exec(prompt)?.[0] ?? '.';
  if (/path|file/i.test(name))
    return FILE.exec(prompt)?.[0] ?? quoted ?? FOLDER.exec(prompt)?.[0] ?? 'src/index.ts';
  if (/command|cmd|shell/i.test(name)) return quoted ?? 'ls';
  if (/city|place|location|country|town/i.test(name)) return PLACE.exec(prompt)?.[0] ?? quoted ?? 'Paris';
  return quoted ?? prompt.replace(/\s+/g, ' ').trim().slice(0, MAX_TEXT);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
