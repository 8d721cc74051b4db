import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { checkForm, type Form } from '../form.ts';
import type { Path } from '../issues.ts';
import { entries, entry } from '../loose.ts';
import { genlockSchema } from '../schema.ts';
import type { YamlSource } from '../yaml-source.ts';
import { explain, wantedTypes } from './explain.ts';

/** Checks each value of a file against the schema and reports all errors. Returns the content of the file. */
export function checkShape(source: YamlSource): unknown {
  return checkAgainst(source, genlockSchema);
}

/**
 * Checks the part of a file at the path `at` and reports all errors. The schema does not apply to the keys in `beside`. Returns the content
 * of the part.
 */
export function checkAgainst(
  source: YamlSource,
  schema: TSchema,
  at: Path = [],
  beside: readonly string[] = [],
): unknown {
  const validate = validatorOf(schema);
  const read = (): unknown => without(beside, valueAt(source.value(), at));
  let value = read();
  let errors = misfits(validate, value);
  const retyped = errors.filter(
    (error) =>
      error.keyword === 'type' &&
      source.retype([...at, ...pathIn(value, error.instancePath)], wantedTypes(error)),
  );
  if (retyped.length > 0) {
    value = read();
    errors = misfits(validate, value);
  }
  for (const error of errors) {
    const path = [...at, ...pathIn(value, error.instancePath)];
    const problem = explain(error, source.envName(path));
    if (problem !== undefined) source.report([...path, ...problem.below], problem.message, problem.side);
  }
  return value;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => entry(inner, String(part)), value);
}

function without(keys: readonly string[], value: unknown): unknown {
  if (keys.length === 0) return value;
  return Object.fromEntries(entries(value).filter(([key]) => !keys.includes(key)));
}

function misfits(validate: ValidateFunction, value: unknown): readonly ErrorObject[] {
  validate(value);
  return validate.errors ?? [];
}

const compiled = new WeakMap<TSchema, ValidateFunction>();

function validatorOf(schema: TSchema): ValidateFunction {
  const known = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, known);
  return known;
}

function compile(schema: TSchema): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
  ajv.addVocabulary(['x-instead-of-none']);
  const keyword = 'x-form';
  ajv.addKeyword({
    keyword,
    type: ['string', 'number'],
    errors: true,
    compile: (form: Form) => {
      const check: { (value: string | number): boolean; errors?: Partial<ErrorObject>[] } = (value) => {
        const result = checkForm(form, value);
        if (result !== true)
          check.errors = [{ keyword, params: { reason: result }, parentSchema: { [keyword]: form } }];
        return result === true;
      };
      return check;
    },
  });
  return ajv.compile(schema);
}

/** Turns a JSON pointer into a path. The value shows whether `0` is a key or a list position. */
function pathIn(value: unknown, pointer: string): Path {
  let current = value;
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => {
      const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
      const part = Array.isArray(current) ? Number(key) : key;
      current = (current as Readonly<Record<string | number, unknown>>)[part];
      return part;
    });
}
