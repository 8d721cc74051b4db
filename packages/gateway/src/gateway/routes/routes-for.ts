import type { Generation } from '../../domain/generation.ts';
import { isGivenAway } from '../../domain/pricing.ts';
import { isAffordable } from '../../domain/route-cost.ts';
import { orderRoutes, routeName } from '../../domain/route-order.ts';
import type { Route } from '../../store/port.ts';
import type { Core } from '../core.ts';
import type { Model } from '../models/model.ts';

/** The provider that always exists and is free. */
const SANDBOX = 'sandbox';

/**
 * The routes for a generation of the model, in the order in which they are tried. Work that nobody is charged for, because it is in test
 * mode or the contract gives it away, goes to free providers only: otherwise its cost would have no limit. If the model has no free route,
 * such work goes to the sandbox. A model without any route runs in no mode.
 */
export function routesFor(
  core: Core,
  model: Model,
  { id, mode, price, request }: Pick<Generation, 'id' | 'mode' | 'price' | 'request'>,
): readonly Route[] {
  const { routes } = model;
  if ((mode === 'test' || isGivenAway(price)) && routes.length > 0) {
    const free = routes.filter(({ provider }) => core.providers.get(provider)?.capabilities.free === true);
    return free.length > 0 ? orderRoutes(free, id) : [{ provider: SANDBOX, model: model.id }];
  }
  if (routes.every(({ cost }) => cost === undefined)) return orderRoutes(routes, id);
  const { maxCost } = core.config().retries;
  const affordable = routes.filter(({ cost }) => isAffordable(cost, price, request, maxCost));
  const fields = { generation: id, model: model.id };
  if (affordable.length === 0) core.log.warn(fields, 'every route costs more than may be spent on a call');
  else if (affordable.length < routes.length) {
    const passedOver = routes.filter((route) => !affordable.includes(route)).map(routeName);
    core.log.debug({ ...fields, passedOver }, 'some routes cost more than may be spent on a call');
  }
  return orderRoutes(affordable, id);
}
