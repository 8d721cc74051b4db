import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Static, TObject } from 'typebox';
import { GenlockError } from '../domain/error.ts';
import type { JsonObject } from '../domain/json.ts';
import type { JsonBody } from './json-body.ts';

/** Lengths are counted in Unicode code points, which is Ajv's default. */
const ajv = new Ajv({ strict: true });

export interface BodyCheck<Schema extends TObject> {
  readonly schema: Schema;
  /** The body, typed by its schema. Members that the schema does not name are still there and are ignored. */
  (body: JsonBody): Static<Schema>;
}

/**
 * Compiles a wire schema on its first use: compiling all of them would take a seventh of the gateway's start. A member that is null counts
 * as absent (contract kiara, section 3), and a number written as a float is not an integer.
 *
 * The check throws GenlockError `parameter_missing` or `invalid_parameter`, with the member at fault as `param`.
 */
export function compileCheck<Schema extends TObject>(schema: Schema): BodyCheck<Schema> {
  let valid: ValidateFunction | undefined;
  const integers = Object.entries(schema.properties)
    .filter(([, property]) => (property as { type?: unknown }).type === 'integer')
    .map(([name]) => name);
  const check = ({ object, floats }: JsonBody): Static<Schema> => {
    const present = withoutNulls(object);
    valid ??= ajv.compile(schema);
    if (!valid(present)) throw refusal(valid.errors?.[0]);
    for (const name of integers)
      if (present[name] !== undefined && floats.has(name)) throw invalid(name, 'must be an integer');
    return present as Static<Schema>;
  };
  return Object.assign(check, { schema });
}

/** Removes members that are null, because they count as absent. */
export function withoutNulls(object: JsonObject): JsonObject {
  for (const name in object) {
    if (object[name] === null)
      return Object.fromEntries(Object.entries(object).filter(([, member]) => member !== null));
  }
  return object;
}

function refusal(error: ErrorObject | undefined): GenlockError {
  if (error?.keyword === 'required') {
    const param = paramOf(`${error.instancePath}/${error.params.missingProperty}`);
    return new GenlockError('parameter_missing', `${param} is required.`, { param });
  }
  if (error?.keyword === 'additionalProperties')
    return invalid(paramOf(`${error.instancePath}/${error.params.additionalProperty}`), 'is not known');
  return invalid(paramOf(error?.instancePath ?? ''), wordsFor(error));
}

function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}

/** Turns `/reference_image_urls/0` into `reference_image_urls[0]`, as callers write it. */
function paramOf(pointer: string): string {
  const [first = '', ...rest] = pointer.slice(1).split('/');
  return rest.reduce((path, part) => path + (/^\d+$/.test(part) ? `[${part}]` : `.${part}`), first);
}

function wordsFor(error: ErrorObject | undefined): string {
  const { keyword = '', params = {} } = error ?? {};
  const { limit, type, allowedValues } = params as {
    limit?: number;
    type?: string;
    allowedValues?: readonly string[];
  };
  switch (keyword) {
    case 'type':
      return `must be ${type === 'integer' || type === 'object' || type === 'array' ? 'an' : 'a'} ${type}`;
    case 'enum':
      return `must be one of ${(allowedValues ?? []).join(', ')}`;
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'pattern':
      return 'must not be blank';
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    case 'uniqueItems':
      return 'must not hold an entry twice';
    case 'minItems':
      return `must have at least ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
    case 'maxItems':
      return `must have at most ${limit} entries`;
    default:
      return 'is not valid';
  }
}
