import type { FastifyInstance } from 'fastify';
import { subtract } from '../../domain/funds.ts';
import { balanceOf } from '../../gateway/accounts/accounts.ts';
import type { Core } from '../../gateway/core.ts';
import { callerOf } from '../../http/caller.ts';
import { toCredits } from './credits.ts';
import { guardReads } from './guard.ts';
import { sendJson } from './send.ts';

/** The remaining credits, with the member names of `usage` (contract section 9). */
export function balanceRoutes(scope: FastifyInstance, core: Core): void {
  scope.route({
    method: ['GET', 'HEAD'],
    url: '/credits',
    onRequest: guardReads(core),
    handler: async (request, reply) => {
      const { funds, held } = await balanceOf(core, callerOf(request).account.id);
      return sendJson(reply, 200, toCredits(core, subtract(funds, held)));
    },
  });
}
