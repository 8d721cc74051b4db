import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Core } from '../../gateway/core.ts';
import type { Model } from '../../gateway/models/model.ts';
import { NAME } from './links.ts';
import { type Spec, specs } from './models.ts';
import { sendJson } from './send.ts';

/** The models that can be used now, as a bare array in a stable order (contract section 6). */
export function modelRoutes(scope: FastifyInstance, core: Core): void {
  scope.route<{ Querystring: JsonObject }>({
    method: ['GET', 'HEAD'],
    url: '/models',
    handler: (request, reply) => {
      const type = readType(request.query.type);
      const listed = specs.filter(
        (spec) => (type === undefined || spec.type === type) && runs(core.models.find(NAME, spec.id)),
      );
      return sendJson(reply, 200, listed.toSorted(byTypeAndId).map(modelObject));
    },
  });
}

function readType(value: Json | undefined): Spec['type'] | undefined {
  if (value === undefined || value === 'image' || value === 'video') return value;
  throw new GenlockError('invalid_parameter', 'type must be image or video.', { param: 'type' });
}

function runs(model: Model | undefined): boolean {
  return model?.status === 'active' && model.billable && model.price !== null && model.routes.length > 0;
}

function byTypeAndId(a: Spec, b: Spec): number {
  return a.type.localeCompare(b.type) || a.id.localeCompare(b.id);
}

function modelObject({ id, name, type, createdAt }: Spec): object {
  return { id, name, type, created_at: new Date(createdAt).toISOString() };
}
