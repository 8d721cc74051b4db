import { type TSchema, Type } from 'typebox';
import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Core } from '../../gateway/core.ts';
import type { Model } from '../../gateway/models/model.ts';
import { compileCheck } from '../../http/check-body.ts';
import { urlObjection } from '../../http/url-objection.ts';
import { ownFile } from './links.ts';
import { type ModelSpec, specs } from './models.ts';

const NO_FLOATS: ReadonlySet<string> = new Set();

/**
 * One for each model, compiled once. The source is left out, because a wrong source has error ids of its own, later (section 3, step 10).
 */
const checks = new Map(
  specs.map((spec) => {
    const members = Object.entries(spec.inputs)
      .filter(([name]) => name !== spec.sourcedFrom)
      .map(([name, { schema }]): [string, TSchema] => [
        name,
        spec.required.includes(name) ? schema : Type.Optional(schema),
      ]);
    return [spec.id, compileCheck(Type.Object(Object.fromEntries(members)))];
  }),
);

/**
 * Checks an input by the schema of its model; nulls count as absent, unknown members are ignored.
 *
 * @throws GenlockError `parameter_missing`, `invalid_parameter`
 */
export function checkInput(core: Core, spec: ModelSpec, input: JsonObject): void {
  checks.get(spec.id)?.({ object: input, floats: NO_FLOATS });
  for (const [name, { url }] of Object.entries(spec.inputs)) {
    const value = input[name];
    if (url !== true || name === spec.sourcedFrom || typeof value !== 'string') continue;
    const objection = ownFile(core, value) === undefined ? urlObjection(core, value) : undefined;
    if (objection !== undefined)
      throw new GenlockError('invalid_parameter', `${name} ${objection}.`, { param: name });
  }
}

/** @throws GenlockError `parameter_conflict` */
export function checkCombinations(model: Model, input: JsonObject): void {
  for (const [one, other] of model.exclusive) {
    if (isGiven(input, one) && isGiven(input, other))
      throw new GenlockError('parameter_conflict', `${one} and ${other} exclude each other.`, {
        param: other,
      });
  }
}

/** @throws GenlockError `parameter_not_allowed` */
export function checkPlan(model: Model, plan: string, input: JsonObject): void {
  const refused =
    plan === 'enterprise' ? undefined : model.enterpriseOnly.find((name) => isGiven(input, name));
  if (refused !== undefined)
    throw new GenlockError('parameter_not_allowed', `${refused} is for the Enterprise plan.`, {
      param: refused,
    });
}

function isGiven(input: JsonObject, name: string): boolean {
  return Object.hasOwn(input, name) && input[name] !== null;
}
