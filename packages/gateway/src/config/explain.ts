import type { ErrorObject } from 'ajv';
import { describeForm, type Form } from './form.ts';
import type { Path } from './issues.ts';
import { closest, hint } from './suggest.ts';
import type { Side } from './yaml-source.ts';

export interface Problem {
  /** Where, seen from the value that the error is about. */
  readonly below: Path;
  readonly side: Side;
  readonly message: string;
}

/**
 * Says in words what a schema error means; undefined where another error says it better. `env` names the variables that the
 * value came from: then it may be a secret and is not shown.
 */
export function explain(error: ErrorObject, env: string | undefined): Problem | undefined {
  const schema: Readonly<Record<string, unknown>> = error.parentSchema ?? {};
  const params: Readonly<Record<string, unknown>> = error.params;
  // Followed by the error of `propertyNames` itself.
  if (error.propertyName !== undefined) return undefined;
  if (error.keyword === 'additionalProperties') {
    const key = String(params.additionalProperty);
    const known = Object.keys(schema.properties ?? {});
    return { below: [key], side: 'key', message: `unknown key${hint(key, known)}` };
  }
  if (error.keyword === 'propertyNames') {
    const names = schema.propertyNames as { readonly description: string };
    return { below: [String(params.propertyName)], side: 'key', message: `expected ${names.description}` };
  }
  if (error.keyword === 'required')
    return { below: [String(params.missingProperty)], side: 'value', message: 'is missing' };
  const found = env === undefined ? show(error.data) : `what ${env} holds`;
  const more = env === undefined ? detail(error) : '';
  return { below: [], side: 'value', message: `expected ${expected(error, schema)}, found ${found}${more}` };
}

/** The types that a `type` error would have taken. */
export function wantedTypes(error: ErrorObject): readonly string[] {
  const type: unknown = error.params.type;
  return Array.isArray(type) ? type.map(String) : String(type).split(',');
}

function expected(error: ErrorObject, schema: Readonly<Record<string, unknown>>): string {
  if (schema['x-form'] !== undefined) return describeForm(schema['x-form'] as Form);
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  switch (error.keyword) {
    case 'enum':
      return `one of ${(schema.enum as readonly string[]).join(', ')}`;
    case 'minLength':
    case 'maxLength':
      return `${minLength ?? 0} to ${maxLength} characters`;
    case 'minItems':
    case 'maxItems':
      return minItems === maxItems ? `${minItems} entries` : `at most ${maxItems} entries`;
    case 'type':
    case 'minimum':
    case 'maximum':
      if (minimum !== undefined)
        return `a ${schema.type === 'number' ? '' : 'whole '}number from ${minimum} to ${maximum}`;
      return wantedTypes(error)
        .map((type) => NOUNS[type] ?? type)
        .join(' or ');
    default:
      return error.message ?? 'something else';
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  null: 'null',
};

function detail(error: ErrorObject): string {
  if (error.keyword === 'enum') {
    const meant = closest(String(error.data), error.params.allowedValues);
    return meant === undefined ? '' : `; did you mean "${meant}"?`;
  }
  if (error.data === null) return ' (leave the key out to keep the default)';
  return error.params.reason ? `: ${error.params.reason}` : '';
}

function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
