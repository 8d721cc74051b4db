import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { changeModel, resetModel } from '../gateway/models/change-model.ts';
import type { Model } from '../gateway/models/model.ts';
import { modelKey } from '../gateway/models/model-registry.ts';
import type { ModelChanges, Route } from '../store/port.ts';
import { note } from './audit-trail.ts';
import type { AdminContext } from './context.ts';
import { closed, dialect, line, nullableLine, nullableList, optional, resettable } from './fields.ts';
import { noSuchDialect } from './no-such-dialect.ts';
import { PriceBody, readPrice, renderPrice } from './price.ts';

export const ModelsQuery = Type.Object(
  { dialect: optional(Type.Unsafe<string>({ ...dialect, minLength: 0 })) },
  closed,
);

const RouteBody = Type.Object(
  {
    provider: line('sandbox'),
    model: line('kiara-vogue'),
    weight: optional(Type.Integer({ minimum: 0, maximum: 1000, examples: [3] })),
    cost: optional(PriceBody),
  },
  closed,
);
const field = line('image_quality');
const pair = { type: 'array', items: field, minItems: 2, maxItems: 2, uniqueItems: true };

export const ModelPatch = Type.Object(
  {
    status: optional(resettable(['active', 'paused', 'inactive'])),
    billable: optional(Type.Unsafe<boolean | null>({ type: ['boolean', 'null'] })),
    routes: optional(nullableList<Static<typeof RouteBody>>(RouteBody)),
    input_field: optional(nullableLine('video_url')),
    enterprise_only: optional(nullableList<string>(field)),
    exclusive: optional(nullableList<readonly [string, string]>(pair)),
    if_routes: optional(Type.Array(RouteBody)),
  },
  closed,
);

/** Wire ids contain slashes, so all the rest of the path is the id, percent-encoded or not. */
interface ByWireId {
  readonly Params: { readonly dialect: string; readonly '*': string };
}

export function modelRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: Static<typeof ModelsQuery> }>(
    '/models',
    { schema: { querystring: ModelsQuery } },
    ({ query }) => {
      const dialect = query.dialect || undefined;
      if (dialect !== undefined && !core.dialects.has(dialect)) throw noSuchDialect(core);
      return { data: core.models.list(dialect).map(renderModel) };
    },
  );

  app.patch<ByWireId & { Body: Static<typeof ModelPatch> }>(
    '/models/:dialect/*',
    { schema: { body: ModelPatch }, config: { audit: 'model.change' } },
    async (request) => {
      const { params, body } = request;
      const { dialect, '*': id } = params;
      const name = modelKey(dialect, id);
      note(request, { target: name, detail: body });
      const { if_routes, ...changes } = body;
      const knows = if_routes && ((routes: readonly Route[]) => isAsRead(routes, if_routes));
      return renderModel(await changeModel(core, dialect, id, toChanges(changes), knows));
    },
  );

  app.delete<ByWireId>('/models/:dialect/*', { config: { audit: 'model.reset' } }, async (request) => {
    const { dialect, '*': id } = request.params;
    const name = modelKey(dialect, id);
    note(request, { target: name });
    return renderModel(await resetModel(core, dialect, id));
  });
}

function toChanges({
  routes,
  input_field,
  enterprise_only,
  ...rest
}: Omit<Static<typeof ModelPatch>, 'if_routes'>): ModelChanges {
  return {
    ...rest,
    ...(routes !== undefined && { routes: routes?.map(readRoute) ?? null }),
    ...(input_field !== undefined && { inputField: input_field || null }),
    ...(enterprise_only !== undefined && { enterpriseOnly: enterprise_only }),
  };
}

/** Compares routes in the form in which they are shown, because the caller sends back what it read. */
function isAsRead(routes: readonly Route[], read: readonly Static<typeof RouteBody>[]): boolean {
  return isDeepStrictEqual(routes.map(renderRoute), read);
}

function readRoute({ cost, ...route }: Static<typeof RouteBody>, index: number): Route {
  return { ...route, ...(cost !== undefined && { cost: readPrice(cost, `routes[${index}].cost`) }) };
}

function renderModel(model: Model) {
  return {
    dialect: model.dialect,
    id: model.id,
    kind: model.kind,
    status: model.status,
    billable: model.billable,
    price: model.price && renderPrice(model.price),
    routes: model.routes.map(renderRoute),
    input_field: model.inputField,
    enterprise_only: model.enterpriseOnly,
    exclusive: model.exclusive,
  };
}

function renderRoute({ provider, model, weight, cost }: Route) {
  return {
    provider,
    model,
    ...(weight !== undefined && { weight }),
    ...(cost !== undefined && { cost: renderPrice(cost) }),
  };
}
