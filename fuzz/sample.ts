import type { Dice } from './dice.ts';
import { APIS, type Schema } from './documents.ts';

/** The values to use where a schema says no more than `string`. */
export interface Vocabulary {
  /** A text to work on. */
  text(): string;
  url(): string;
  model(): string;
  id(): string;
}

export interface Sampling {
  readonly dice: Dice;
  /** The probability of an optional member. */
  readonly optional: number;
  readonly document: Schema;
  readonly words: Vocabulary;
}

const MAX_DEPTH = 8;

/** A value that a schema usually allows; small and cheap ones are preferred. */
export function sample(sampling: Sampling, schema: Schema, name = '', depth = 0): unknown {
  const { dice } = sampling;
  const at = (inner: unknown, innerName = name): unknown =>
    sample(sampling, inner as Schema, innerName, depth + 1);
  if (typeof schema.$ref === 'string') return at(resolve(sampling.document, schema.$ref));
  if ('const' in schema) return schema.const;
  // The first values of an enum most often fit together with the others.
  if (Array.isArray(schema.enum)) return dice.one(dice.chance(0.5) ? schema.enum.slice(0, 2) : schema.enum);
  for (const word of ['oneOf', 'anyOf', 'allOf'] as const)
    if (Array.isArray(schema[word])) return at(dice.one(schema[word]));
  if ('default' in schema && dice.chance(0.3)) return schema.default;

  const type = Array.isArray(schema.type) ? dice.one(schema.type as string[]) : schema.type;
  switch (type) {
    case 'object':
      return depth > MAX_DEPTH ? {} : sampleObject(sampling, schema, at);
    case 'array': {
      const { minItems = 0, maxItems = 3, items = {} } = schema as Readonly<Record<string, number>>;
      const length = depth > MAX_DEPTH ? minItems : dice.whole(minItems, Math.min(maxItems, minItems + 2));
      return Array.from({ length }, () => at(items));
    }
    case 'integer':
    case 'number':
      return sampleNumber(dice, schema, type);
    case 'boolean':
      return dice.chance(0.5);
    case 'null':
      return null;
    case 'string':
      return sampleString(sampling, schema, name);
    default:
      return dice.one<unknown>(['x', 1, true, null, {}, []]);
  }
}

function resolve(document: Schema, ref: string): unknown {
  let value: unknown = document;
  for (const part of ref.slice(2).split('/')) value = (value as Schema | undefined)?.[part];
  return value ?? {};
}

function sampleObject(
  { dice, optional }: Sampling,
  schema: Schema,
  at: (schema: unknown, name: string) => unknown,
): object {
  const required = (schema.required ?? []) as readonly string[];
  const value: Record<string, unknown> = {};
  for (const [member, inner] of Object.entries((schema.properties ?? {}) as object)) {
    // For some texts the schema does not say that one of several is required.
    const likely =
      required.includes(member) ||
      (/^(?:prompt|text|content|dataset|\w*model(?:Id)?)$/i.test(member) && dice.chance(0.8));
    if (likely || dice.chance(optional)) value[member] = at(inner, member);
  }
  return value;
}

function sampleNumber(dice: Dice, schema: Schema, type: string): number {
  const { minimum = 0, exclusiveMinimum, multipleOf } = schema as Readonly<Record<string, number>>;
  const from = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  const to = Math.min(Number(schema.maximum ?? from + 100), from + 100);
  const value = dice.chance(0.5) ? from : dice.whole(from, to);
  if (multipleOf !== undefined) return Math.ceil(value / multipleOf) * multipleOf;
  return type === 'number' && dice.chance(0.3) ? Math.min(to, value + 0.5) : value;
}

const URLS = /url|image|video|audio|mask|frame|file|webhook|callback|dataset|source/i;
const TEXTS = /prompt|text|content|input|message|script|lyrics/i;
const MODELS = /model|product|slug/i;

function sampleString({ dice, words }: Sampling, schema: Schema, name: string): string {
  const {
    format,
    pattern,
    minLength = 0,
    maxLength = 4_000,
  } = schema as {
    readonly format?: string;
    readonly pattern?: string;
    readonly minLength?: number;
    readonly maxLength?: number;
  };
  if (pattern?.startsWith('^\\d') || format?.endsWith('usd')) return dice.one(['1', '0.5', '10.000001']);
  if (format === 'date') return `2026-0${dice.whole(1, 9)}-1${dice.whole(0, 9)}`;
  if (format === 'date-time') return `2026-0${dice.whole(1, 9)}-10T00:00:00Z`;
  if (format === 'origin') return 'https://app.example.test';
  if (format === 'address-block') return '10.0.0.0/8';
  if (format === 'uri') return words.url();
  if (TEXTS.test(name)) return words.text().slice(0, maxLength);
  if (MODELS.test(name)) return words.model();
  if (URLS.test(name)) return words.url();
  if (name === 'dialect') return dice.one(APIS);
  if (/id$|pack/i.test(name)) return words.id();
  return 'en'.padEnd(minLength, 'x').slice(0, maxLength);
}
