import type { FastifyInstance } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { withAssets } from '../../gateway/files/with-assets.ts';
import { callerOf } from '../../http/caller.ts';
import { NAME } from './links.ts';
import { type RawQuery, readListQuery } from './list-query.ts';
import { predictionObject } from './prediction-object.ts';
import { sendJson } from './send.ts';

/** The account's predictions, newest first, by page number (contract section 4). Failed ones are ordinary entries here. */
export function listRoutes(scope: FastifyInstance, core: Core): void {
  scope.route<{ Querystring: RawQuery }>({
    method: ['GET', 'HEAD'],
    url: '/predictions',
    config: { skytellsPlace: 'list' },
    handler: async (request, reply) => {
      const { account, key } = callerOf(request);
      const { page, perPage, ...filter } = readListQuery(core, request.query);
      const { data, total } = await core.store.generationsByNumber({
        ...filter,
        accountId: account.id,
        dialect: NAME,
        mode: key.mode,
        inline: false,
        offset: (page - 1) * perPage,
        limit: perPage,
      });
      return sendJson(reply, {
        data: (await withAssets(core, data)).map((view) => predictionObject(core, view)),
        pagination: {
          current_page: page,
          per_page: perPage,
          total,
          last_page: Math.max(1, Math.ceil(total / perPage)),
        },
      });
    },
  });
}
