import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import { quoteFor, termsOf } from '../../domain/pricing.ts';
import type { Core } from '../../gateway/core.ts';
import { callerOf } from '../../http/caller.ts';
import { readJsonObject } from '../../http/json-body.ts';
import { costInCredits, creditOf, usd } from './credits.ts';
import { readCreateRequest } from './request.ts';
import { sendJson } from './send.ts';

/**
 * What a create body would cost (contract section 12): validated like one, without effects and without regard to pauses, queues or
 * balances. The same in both modes, so that a sandbox key can look up prices.
 */
export function quoteRoutes(scope: FastifyInstance, core: Core): void {
  scope.post('/quotes', async (request, reply) => {
    const body = readJsonObject(request.body, request.headers['content-type']);
    const { model, usage } = await readCreateRequest(core, callerOf(request), body, undefined);
    if (model.price === null) throw new GenlockError('model_not_billable');
    const amount = quoteFor(termsOf(model.price, usage));
    const credits = costInCredits(amount, creditOf(core));
    return sendJson(reply, 200, { product: model.id, credits, usd: usd(amount), max_credits: credits });
  });
}
