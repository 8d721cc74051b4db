import { MICROS_PER_USD, type Micros } from '../../domain/money.ts';
import type { Price } from '../../domain/pricing.ts';
import type { KnownModel } from './find-model.ts';
import type { ModelSpec } from './models.ts';
import { VENDOR } from './vendor.ts';

export type SchemaField = 'input_schema' | 'output_schema';
export const SCHEMA_FIELDS: readonly SchemaField[] = ['input_schema', 'output_schema'];

/** The model object (contract section 7). Schemas are only included on request. */
export function modelObject({ spec, model }: KnownModel, fields: ReadonlySet<SchemaField>): object {
  return {
    name: spec.name,
    description: spec.description,
    namespace: spec.id,
    type: spec.type,
    privacy: 'public',
    img_url: null,
    vendor: VENDOR,
    billable: model.billable,
    ...(model.price !== null && { pricing: pricingObject(spec, model.price) }),
    capabilities: spec.capabilities,
    metadata: {
      edge_compatible: spec.id.endsWith('-edge'),
      openai_compatible: spec.type === 'text',
      cold_boot: false,
    },
    status: model.status === 'active' ? 'operational' : 'offline',
    service: { type: spec.type === 'text' ? 'inference' : 'prediction', inference_party: VENDOR.slug },
    ...(fields.has('input_schema') && { input_schema: inputSchema(spec, model.inputField) }),
    ...(fields.has('output_schema') && { output_schema: outputSchema(spec) }),
  };
}

/** The unit shown for the operator's own price, if it differs from the shipped one. */
const UNITS: Readonly<Record<Price['unit'], string>> = {
  call: 'prediction',
  image: 'image',
  second: 'second',
  character: 'prediction',
  token: 'million_token',
};

function pricingObject(spec: ModelSpec, price: Price): object {
  const unit = price.unit === spec.price.unit ? spec.unit : UNITS[price.unit];
  const criterion = (field: string, value: string, amount: Micros) => ({
    field,
    description: `Price where ${field} is ${value}.`,
    operator: '==',
    value,
    billable_price: dollars(amount),
    unit,
  });
  const criterias = [
    ...(price.outputUsd === undefined ? [] : [criterion('token_type', 'output', price.outputUsd)]),
    ...(price.factors ?? []).flatMap(({ dimension, values }) =>
      Object.entries(values).map(([value, thousandths]) =>
        criterion(dimension, value, (price.usd * thousandths) / 1000),
      ),
    ),
  ];
  return {
    amount: dollars(price.usd),
    currency: 'USD',
    unit,
    ...(criterias.length > 0 && { criterias }),
  };
}

export function dollars(amount: Micros): number {
  return amount / MICROS_PER_USD;
}

/** Derived from the schemas that validate, so the two cannot differ. If the operator renamed the source's input, it has that name. */
export function inputSchema(
  { inputs, required, sourcedFrom }: ModelSpec,
  inputField: string | null = null,
): object | null {
  if (Object.keys(inputs).length === 0) return null;
  const nameOf = (name: string): string => (name === sourcedFrom ? (inputField ?? name) : name);
  const properties = Object.entries(inputs).map(([name, { schema, title, url }], order) => [
    nameOf(name),
    { ...schema, title, ...(url && { format: 'uri' }), 'x-order': order },
  ]);
  return {
    type: 'object',
    title: 'Input',
    required: required.map(nameOf),
    properties: Object.fromEntries(properties),
  };
}

function outputSchema({ type }: ModelSpec): object {
  return type === 'text'
    ? { type: 'string', title: 'Output' }
    : { type: 'array', title: 'Output', items: { type: 'string', format: 'uri' } };
}
