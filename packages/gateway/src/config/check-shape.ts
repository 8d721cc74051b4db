import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { explain, wantedTypes } from './explain.ts';
import { checkForm, type Form } from './form.ts';
import type { Path } from './issues.ts';
import { genlockSchema } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

let compiled: ValidateFunction | undefined;

/** Checks a file against the schema, each value by itself, and reports all that does not fit. Returns what the file says. */
export function checkShape(source: YamlSource): unknown {
  let value = source.value();
  let errors = validate(value);
  const retyped = errors.filter(
    (error) =>
      error.keyword === 'type' && source.retype(pathIn(value, error.instancePath), wantedTypes(error)),
  );
  if (retyped.length > 0) {
    value = source.value();
    errors = validate(value);
  }
  for (const error of errors) {
    const path = pathIn(value, error.instancePath);
    const problem = explain(error, source.envName(path));
    if (problem !== undefined) source.report([...path, ...problem.below], problem.message, problem.side);
  }
  return value;
}

function validate(value: unknown): readonly ErrorObject[] {
  compiled ??= compile();
  compiled(value);
  return compiled.errors ?? [];
}

function compile(): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
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
  return ajv.compile(genlockSchema);
}

/** Turns a JSON pointer into a path; whether `0` is a key or a position is seen from the value. */
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
