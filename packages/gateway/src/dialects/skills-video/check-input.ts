import { GenlockError } from '../../domain/error.ts';
import type { Json } from '../../domain/json.ts';
import { type CreateBody, FilePart, type Given, invalid } from './body.ts';
import type { ChoiceField, Field, Fields, IntegerField, TextField } from './fields.ts';

/** The checked fields of the model, with defaults filled in and without fields that the model does not have. Files are not stored yet. */
export type Checked = ReadonlyMap<
  string,
  string | number | boolean | FilePart | readonly (string | FilePart)[]
>;

/**
 * Checks a body against the fields of a model (contract section 3). Null counts as absent. Text from multipart is parsed according to its
 * field; JSON must already have the right types.
 *
 * @throws GenlockError `parameter_missing`, `invalid_parameter`
 */
export function checkInput(body: CreateBody, fields: Fields, needs: readonly string[]): Checked {
  const checked = new Map<string, string | number | boolean | FilePart | readonly (string | FilePart)[]>();
  for (const [name, field] of Object.entries(fields)) {
    const given = body.values.get(name) ?? null;
    const absent = given === null || (given === '' && body.fromText && field.type !== 'text');
    const value = absent ? defaultOf(field) : read(name, field, given, body.fromText);
    if (value !== undefined) checked.set(name, value);
  }
  if (!needs.some((name) => checked.has(name))) {
    const words = needs.length === 1 ? `${needs[0]} is required.` : `One of ${needs.join(', ')} is required.`;
    throw new GenlockError('parameter_missing', words, {
      ...(needs[0] !== undefined && { param: needs[0] }),
    });
  }
  return checked;
}

function defaultOf(field: Field): string | number | boolean | undefined {
  return 'default' in field ? field.default : undefined;
}

function read(name: string, field: Field, given: Given, fromText: boolean) {
  switch (field.type) {
    case 'text':
      return readText(name, field, given);
    case 'choice':
      return readChoice(name, field, given);
    case 'integer':
      return readInteger(name, field, fromText && typeof given === 'string' ? numberIn(given) : given);
    case 'flag':
      return readFlag(name, fromText && typeof given === 'string' ? flagIn(given) : given);
    case 'file':
      return readFile(name, given);
    case 'files': {
      const list = Array.isArray(given) ? given : fromText ? [given] : undefined;
      if (list === undefined) throw invalid(name, 'must be an array');
      if (list.length > field.max) throw invalid(name, `must have at most ${field.max} entries`);
      return list.length === 0 ? undefined : list.map((one, index) => readFile(`${name}[${index}]`, one));
    }
  }
}

function readText(name: string, { max, mayBeBlank }: TextField, given: Given): string {
  if (typeof given !== 'string') throw invalid(name, 'must be a string');
  if (mayBeBlank !== true && given.trim() === '') throw invalid(name, 'must not be blank');
  // Code points are only counted if the text is longer in code units, because there are never more of the former.
  if (given.length > max && [...given].length > max)
    throw invalid(name, `must have at most ${max} characters`);
  return given;
}

function readChoice(name: string, { values }: ChoiceField, given: Given): string {
  if (typeof given !== 'string' || !values.includes(given))
    throw invalid(name, `must be one of ${values.join(', ')}`);
  return given;
}

function readInteger(name: string, { min, max }: IntegerField, given: Given): number {
  if (typeof given !== 'number' || !Number.isInteger(given)) throw invalid(name, 'must be an integer');
  if (given < min || given > max) throw invalid(name, `must be between ${min} and ${max}`);
  return given;
}

function readFlag(name: string, given: Given): boolean {
  if (typeof given !== 'boolean') throw invalid(name, 'must be a boolean');
  return given;
}

/** Long enough for signed storage URLs. */
const MAX_URL = 4096;

function readFile(name: string, given: Given): string | FilePart {
  if (given instanceof FilePart) return given;
  if (typeof given !== 'string' || given === '') throw invalid(name, 'must be a URL or a file');
  if (given.length > MAX_URL) throw invalid(name, `must have at most ${MAX_URL} characters`);
  return given;
}

function numberIn(text: string): Json {
  return /^\s*[-+]?\d{1,16}\s*$/.test(text) ? Number(text) : text;
}

function flagIn(text: string): Json {
  const word = text.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : text;
}
