import type { FastifyInstance } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { findModel, lookUpModel } from './find-model.ts';
import { modelObject, SCHEMA_FIELDS, type SchemaField } from './model-object.ts';
import { specs } from './models.ts';
import { sendJson } from './send.ts';

interface Wants {
  Querystring: { readonly fields?: string | readonly string[] };
}

/** The present catalogue, with what the operator switched off or repriced (contract section 7). */
export function modelRoutes(scope: FastifyInstance, core: Core): void {
  scope.route<Wants>({
    method: ['GET', 'HEAD'],
    url: '/models',
    handler: ({ query }, reply) => {
      const fields = fieldsOf(query.fields);
      const known = specs.flatMap(({ id }) => lookUpModel(core, id) ?? []);
      return sendJson(
        reply,
        known.map((one) => modelObject(one, fields)),
      );
    },
  });

  // The SDK uses the singular, the documentation the plural (section 2).
  for (const url of ['/models/:slug', '/model/:slug']) {
    scope.route<Wants & { Params: { slug: string } }>({
      method: ['GET', 'HEAD'],
      url,
      handler: ({ params, query }, reply) =>
        sendJson(reply, modelObject(findModel(core, params.slug), fieldsOf(query.fields))),
    });
  }
}

/** Unknown names are ignored (section 7). */
function fieldsOf(written: string | readonly string[] | undefined): ReadonlySet<SchemaField> {
  const names = [written ?? []].flat().flatMap((text) => text.split(',').map((name) => name.trim()));
  return new Set(SCHEMA_FIELDS.filter((field) => names.includes(field)));
}
