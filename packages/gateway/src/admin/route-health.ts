import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { routeName } from '../domain/route-order.ts';
import type { RouteHealth } from '../gateway/routes/route-board.ts';
import { resetRoute, routeHealth } from '../gateway/routes/route-health.ts';
import { note } from './audit-trail.ts';
import type { AdminContext } from './context.ts';
import { closed, line, optional } from './fields.ts';
import { optionalTime } from './render.ts';

export const RoutesQuery = Type.Object({ provider: optional(line('openai')) }, closed);

/** Upstream model names may contain slashes, which are percent-encoded here. */
interface ByRoute {
  readonly Params: { readonly provider: string; readonly model: string };
}

export function routeHealthRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: Static<typeof RoutesQuery> }>(
    '/routes',
    { schema: { querystring: RoutesQuery } },
    ({ query }) => ({
      data: routeHealth(core)
        .filter(({ provider }) => query.provider === undefined || provider === query.provider)
        .map((health) => renderHealth(health, core.now())),
    }),
  );

  app.post<ByRoute>(
    '/routes/:provider/:model/reset',
    { config: { audit: 'route.reset' } },
    async (request) => {
      const { params } = request;
      note(request, { target: routeName(params) });
      const health = resetRoute(core, params);
      return renderHealth(health, core.now());
    },
  );
}

function renderHealth(health: RouteHealth, now: number) {
  const at = (ms: number | null) => optionalTime(ms === null ? null : now + ms);
  return {
    provider: health.provider,
    model: health.model,
    state: health.state,
    failure_ratio: Math.round(health.failureRatio * 1000) / 1000,
    calls: health.calls,
    open_until: at(health.openForMs),
    rest_until: at(health.restForMs),
    cause: health.cause,
    in_flight: health.inFlight,
  };
}
