import type { Price, PriceFactor } from '../../domain/pricing.ts';
import type { Route } from '../../store/port.ts';
import type { ModelSettings } from '../config.ts';
import { parseRoute } from '../route.ts';
import type { ModelFile, PriceFile, RouteFile } from '../schema.ts';
import { parseAmount, parseDuration, parseFactor } from '../units.ts';

/** The settings of one model. What the file leaves out stays absent, because the dialect's table has it. */
export function resolveModel(file: ModelFile): ModelSettings {
  const deadlineMs = file.deadline === undefined ? undefined : parseDuration(file.deadline);
  return {
    ...(file.status !== undefined && { status: file.status }),
    ...(file.billable !== undefined && { billable: file.billable }),
    ...(file.price !== undefined && { price: priceOf(file.price) }),
    ...(file.routes !== undefined && { routes: file.routes.flatMap(routeOf) }),
    ...(file.input_field !== undefined && { inputField: file.input_field }),
    ...(file.enterprise_only !== undefined && { enterpriseOnly: file.enterprise_only }),
    ...(file.exclusive !== undefined && { exclusive: file.exclusive }),
    ...(deadlineMs !== undefined && { deadlineMs }),
  };
}

function priceOf(file: PriceFile): Price {
  const outputUsd = file.output_usd === undefined ? undefined : parseAmount(file.output_usd);
  const roundTo = file.round_to === undefined ? undefined : parseAmount(file.round_to);
  return {
    unit: file.unit,
    // The schema guarantees a valid amount. If it were not, NaN would make every quote throw, which is better than a free model.
    usd: parseAmount(file.usd) ?? Number.NaN,
    ...(outputUsd !== undefined && { outputUsd }),
    ...(file.factors !== undefined && { factors: factorsOf(file.factors) }),
    ...(roundTo !== undefined && { roundTo }),
  };
}

function factorsOf(file: NonNullable<PriceFile['factors']>): readonly PriceFactor[] {
  return Object.entries(file).map(([dimension, values]) => ({
    dimension,
    values: Object.fromEntries(
      Object.entries(values).map(([value, factor]) => [value, parseFactor(factor) ?? Number.NaN]),
    ),
  }));
}

function routeOf(route: string | RouteFile): readonly Route[] {
  if (typeof route === 'string') return [parseRoute(route)].filter((parsed) => parsed !== undefined);
  const { provider, model, weight, cost } = route;
  return [{ provider, model, ...(weight !== undefined && { weight }), ...(cost && { cost: priceOf(cost) }) }];
}
