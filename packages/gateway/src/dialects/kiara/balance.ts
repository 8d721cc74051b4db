import type { FastifyInstance } from 'fastify';
import { total } from '../../domain/funds.ts';
import { balanceOf } from '../../gateway/accounts/accounts.ts';
import type { Core } from '../../gateway/core.ts';
import { callerOf } from '../../http/caller.ts';
import { creditOf, toCredits } from './credits.ts';
import { isoTime, wireMode } from './generation-object.ts';
import { sendJson } from './send.ts';

/** The account's credits (contract section 12). A sandbox key has unlimited credits, shown as `available: null`. */
export function balanceRoutes(scope: FastifyInstance, core: Core): void {
  scope.route({
    method: ['GET', 'HEAD'],
    url: '/balance',
    handler: async (request, reply) => {
      const { account, key } = callerOf(request);
      const balance = await balanceOf(core, account.id);
      const credit = creditOf(core);
      const live = key.mode === 'live';
      const credits = live ? toCredits(total(balance.funds), credit) : 0;
      const available = live ? toCredits(total(balance.funds) - total(balance.held), credit) : null;
      return sendJson(reply, 200, {
        object: 'balance',
        mode: wireMode(key.mode),
        credits,
        held: credits - (available ?? 0),
        available,
        updated_at: isoTime(core.now()),
      });
    },
  });
}
