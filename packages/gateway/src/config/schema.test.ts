import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { genlockSchema } from './schema.ts';
import { example } from './testing.ts';

type Schema = { readonly [keyword: string]: unknown };

/** Every schema inside a schema, with its path. */
function* within(schema: Schema, way: string): Generator<[string, Schema]> {
  yield [way, schema];
  for (const keyword of ['properties', 'patternProperties'])
    for (const [name, inner] of Object.entries(schema[keyword] ?? {})) yield* within(inner, `${way}.${name}`);
  for (const keyword of ['items', 'additionalProperties']) {
    const inner = schema[keyword];
    if (typeof inner === 'object' && inner !== null) yield* within(inner as Schema, `${way}[]`);
  }
}

/** As an editor gets it. */
const printed: Schema = JSON.parse(JSON.stringify(genlockSchema));

it('describes every setting, and gives an example of each value', () => {
  const all = [...within(printed, 'genlock.yaml')];
  expect(all.length).toBeGreaterThan(60);
  for (const [way, schema] of all) {
    expect(schema.description, way).toMatch(/\.$/);
    const isContainer = schema.type === 'object' || schema.type === 'array';
    if (!isContainer)
      expect(schema.examples, way).toEqual([expect.anything(), ...((schema.examples as []) ?? []).slice(1)]);
  }
});

it('accepts its own examples', () => {
  const ajv = new Ajv({ allowUnionTypes: true, keywords: ['x-form'] });
  for (const [way, schema] of within(printed, 'genlock.yaml')) {
    const { $schema: _, examples, ...rest } = schema;
    for (const value of (examples ?? []) as unknown[])
      expect(ajv.validate(rest, value), `${way}: ${String(value)}`).toBe(true);
  }
});

it('accepts the documented example with any validator of draft 7', () => {
  const ajv = new Ajv({ strict: false });
  expect(ajv.validate(printed, parse(example)), ajv.errorsText()).toBe(true);
  expect(ajv.validate(printed, parse(example.replace('45s', 'soon')))).toBe(false);
});
