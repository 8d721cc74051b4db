import type { Model } from '../../gateway/models/model.ts';
import { checkProductFields, checkSharedFields } from './create-body.ts';
import { usd } from './credits.ts';
import { inputOf, type Product } from './products.ts';

/** Shared inputs that are not listed, because the list only names what shapes the result. */
const SHARED = ['prompt', 'seed', 'webhook_url', 'metadata'];

/** The product object (contract section 10). `pricing` is the present price of a live job, with the inputs and values that raise it. */
export function productObject(product: Product, model: Model, credit: number): object {
  const { price } = model;
  const runs = model.status === 'active' && model.billable && price !== null;
  return {
    id: product.id,
    object: 'product',
    name: product.name,
    kind: product.kind,
    output: product.kind === 'image' ? 'image/jpeg' : 'video/mp4',
    status: runs ? 'active' : 'paused',
    stability: 'stable',
    pricing:
      price === null
        ? null
        : {
            unit: price.unit,
            usd: usd(price.usd),
            credits: String(price.usd / credit),
            multipliers: Object.fromEntries(
              (price.factors ?? []).map(({ dimension, values }) => [
                inputOf(dimension),
                Object.fromEntries(
                  Object.entries(values).map(([value, thousandths]) => [value, thousandths / 1000]),
                ),
              ]),
            ),
          },
    average_seconds: product.averageSeconds,
    inputs: inputsOf(product),
  };
}

interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

/** Derived from the schemas that validate the inputs, so the two cannot differ. */
function inputsOf(product: Product): object[] {
  const schemas: Readonly<Record<string, unknown>> = {
    ...checkSharedFields.schema.properties,
    ...checkProductFields.schema.properties,
  };
  return [...SHARED, ...product.needs, ...product.takes].map((name) => {
    const schema = (schemas[name] ?? {}) as FieldSchema;
    const min = schema.minLength ?? schema.minimum;
    const max = schema.maxLength ?? schema.maximum ?? schema.maxItems;
    return {
      name,
      type: schema.type ?? 'string',
      required: name === 'prompt' || product.needs.some((need) => need === name),
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(schema.enum !== undefined && { values: schema.enum }),
    };
  });
}
