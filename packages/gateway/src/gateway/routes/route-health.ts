import { GenlockError } from '../../domain/error.ts';
import { type RouteName, routeName } from '../../domain/route-order.ts';
import type { Core } from '../core.ts';
import type { RouteHealth } from './route-board.ts';

/** The health, as this process sees it, of every route that belongs to a model or was called. */
export function routeHealth({ models, routeBoard }: Core): readonly RouteHealth[] {
  const all = new Map<string, RouteHealth>();
  for (const { routes } of models.list())
    for (const route of routes) all.set(routeName(route), healthy(route));
  for (const health of routeBoard.list()) all.set(routeName(health), health);
  return [...all.values()];
}

/** Forgets all failures of a route. @throws GenlockError `not_found` if no model has it and nothing called it */
export function resetRoute(core: Core, route: RouteName): RouteHealth {
  const name = routeName(route);
  if (!routeHealth(core).some((health) => routeName(health) === name))
    throw new GenlockError('not_found', `No model has the route ${name}.`);
  core.routeBoard.reset(route);
  return routeHealth(core).find((health) => routeName(health) === name) ?? healthy(route);
}

function healthy({ provider, model }: RouteName): RouteHealth {
  return {
    provider,
    model,
    state: 'closed',
    failureRatio: 0,
    calls: 0,
    openForMs: null,
    restForMs: null,
    cause: null,
    inFlight: 0,
  };
}
