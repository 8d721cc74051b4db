import { formatUsd } from '../../domain/money.ts';
import type { Price } from '../../domain/pricing.ts';
import type { Model } from '../../gateway/models/model.ts';
import { inputSchema } from './create-body.ts';
import type { NativeModel } from './models.ts';

/** A model as it is now, with the operator's pauses and prices, and with the schema that checks its input. */
export function modelObject(native: NativeModel, model: Model): object {
  const runs = model.status === 'active' && model.billable && model.price !== null;
  return {
    id: native.id,
    object: 'model',
    name: native.name,
    kind: native.kind,
    status: runs ? 'active' : 'paused',
    price: model.price && priceObject(model.price),
    input_schema: inputSchema(native),
  };
}

function priceObject({ unit, usd, outputUsd, factors = [] }: Price): object {
  return {
    unit,
    ...(unit === 'token'
      ? {
          input_usd_per_million: formatUsd(usd),
          output_usd_per_million: formatUsd(outputUsd ?? usd),
        }
      : { usd: formatUsd(usd) }),
    factors: Object.fromEntries(
      factors.map(({ dimension, values }) => [
        dimension,
        Object.fromEntries(Object.entries(values).map(([value, thousandths]) => [value, thousandths / 1000])),
      ]),
    ),
  };
}
