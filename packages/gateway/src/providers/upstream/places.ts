import type { Json, JsonObject } from '../../domain/json.ts';

/** A place: `%seconds%`; `%seconds:text%` gives text; `%fps|24%` has a default. */
const PLACE = /%([a-z][a-z_]*)(:text)?(?:\|([^%]*))?%/g;
const ONLY_PLACE = new RegExp(`^${PLACE.source}$`);

/** The value of each name; undefined: none. */
export type Values = Readonly<Record<string, Json | undefined>>;

/** The names of all places in a template. */
export function placesIn(template: Json): ReadonlySet<string> {
  const texts = textsIn(template);
  return new Set(texts.flatMap((text) => [...text.matchAll(PLACE)].map(([, name = '']) => name)));
}

/**
 * The template with its places filled in. A text that is only a place becomes its value, of whatever type; a place within a text becomes
 * text. Members and elements without a value are left out, and so is what becomes empty by that.
 */
export function fill(template: Json, values: Values): Json | undefined {
  if (typeof template === 'string') return fillText(template, values);
  if (template === null || typeof template !== 'object') return template;
  if (Array.isArray(template)) {
    const elements = template as readonly Json[];
    const filled = elements.map((one) => fill(one, values)).filter((one) => one !== undefined);
    return filled.length === 0 && elements.length > 0 ? undefined : filled;
  }
  const members = Object.entries(template as JsonObject);
  const filled = members.flatMap(([name, one]) => {
    const value = fill(one, values);
    return value === undefined ? [] : [[name, value] as const];
  });
  return filled.length === 0 && members.length > 0 ? undefined : Object.fromEntries(filled);
}

function fillText(template: string, values: Values): Json | undefined {
  const only = ONLY_PLACE.exec(template);
  if (only === null)
    return template.replace(PLACE, (_, name: string, __, otherwise?: string) =>
      wordsOf(values[name] ?? otherwise ?? ''),
    );
  const [, name = '', text, otherwise] = only;
  const value = values[name] ?? (otherwise === undefined ? undefined : parsed(otherwise));
  return value === undefined || text === undefined ? value : wordsOf(value);
}

function wordsOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textsIn(template: Json): readonly string[] {
  if (typeof template === 'string') return [template];
  if (template === null || typeof template !== 'object') return [];
  return Object.values(template).flatMap((one: Json) => textsIn(one));
}
