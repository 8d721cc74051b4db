import type { ErrorObject } from 'ajv';
import { describeForm, type Form } from '../form.ts';
import type { Path } from '../issues.ts';
import type { Side } from '../yaml-source.ts';
import { closest, hint } from './suggest.ts';

export interface Problem {
  /** The place of the error, relative to the value that was checked. */
  readonly below: Path;
  readonly side: Side;
  readonly message: string;
}

/**
 * Describes a schema error in words; undefined if another error describes it better. `env` names the variables that the value came from: it
 * may then be a secret and is not shown.
 */
export function explain(error: ErrorObject, env: string | undefined): Problem | undefined {
  const schema: Readonly<Record<string, unknown>> = error.parentSchema ?? {};
  const params: Readonly<Record<string, unknown>> = error.params;
  // The error of `propertyNames` itself follows.
  if (error.schemaPath.includes('/propertyNames/')) return undefined;
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
  const secret = secretProblem(error, schema, env);
  if (secret !== undefined) return { below: [], side: 'value', message: secret };
  const found = env === undefined ? show(error.data) : `what ${env} holds`;
  const more = env === undefined ? detail(error) : '';
  return { below: [], side: 'value', message: `expected ${expected(error, schema)}, found ${found}${more}` };
}

/** Shows nothing of a text that may be a secret. */
function secretProblem(
  error: ErrorObject,
  schema: Readonly<Record<string, unknown>>,
  env: string | undefined,
): string | undefined {
  const form = schema['x-form'] as Form | undefined;
  if (form?.kind !== 'header_text') return undefined;
  const what = `expected ${describeForm(form)}`;
  if (typeof error.data !== 'string') return `${what}, found ${NOUNS[typeof error.data] ?? show(error.data)}`;
  const { reason } = error.params;
  const holder = env === undefined ? 'it' : `what ${env} holds`;
  if (reason) return `${what}, found ${reason} ${holder}; ${env === undefined ? 'write' : 'set'} it without`;
  return `${what}, found ${error.data.length} characters in ${holder}`;
}

/** The types that would have been accepted where a `type` error occurred. */
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
      if (error.keyword === 'minItems' && minItems === 1) return 'at least one entry';
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

const KEEP_DEFAULT = ' (leave the key out to keep the default)';

function detail(error: ErrorObject): string {
  if (error.keyword === 'enum') {
    const meant = closest(String(error.data), error.params.allowedValues);
    return meant === undefined ? '' : `; did you mean "${meant}"?`;
  }
  if (error.data === null) return KEEP_DEFAULT;
  if (error.keyword === 'minItems' && error.params.limit === 1) {
    const next: unknown = error.parentSchema?.['x-instead-of-none'];
    return next === undefined ? KEEP_DEFAULT : ` (${next})`;
  }
  return error.params.reason ? `: ${error.params.reason}` : '';
}

function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
