import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import { total } from '../../domain/funds.ts';
import type { JsonObject } from '../../domain/json.ts';
import { formatUsd } from '../../domain/money.ts';
import { quoteFor, termsOf } from '../../domain/pricing.ts';
import { available, balanceOf } from '../../gateway/accounts/accounts.ts';
import type { Core } from '../../gateway/core.ts';
import { callerOf } from '../../http/caller.ts';
import { readJsonObject } from '../../http/json-body.ts';
import { sendJson } from '../../http/send.ts';
import type { ModelUsage } from '../../store/port.ts';
import { isoTime } from './generation-object.ts';
import { readCreateRequest } from './request.ts';
import { readPeriod } from './usage-period.ts';

/** Quotes, balance and usage. */
export function moneyRoutes(scope: FastifyInstance, core: Core): void {
  // The same in both modes, so that a test key can look up prices. Pauses and balances are ignored.
  scope.post('/quotes', async (request, reply) => {
    const body = readJsonObject(request.body, request.headers['content-type']);
    const { model, input, usage } = await readCreateRequest(core, callerOf(request), body, undefined);
    if (model.price === null) throw new GenlockError('model_not_billable');
    const usd = formatUsd(quoteFor(termsOf(model.price, usage)));
    return sendJson(reply, 200, { object: 'quote', model: model.id, usd, input });
  });

  scope.route({
    method: ['GET', 'HEAD'],
    url: '/balance',
    handler: async (request, reply) => {
      const { account, key } = callerOf(request);
      const balance = await balanceOf(core, account.id);
      const { funds, held } = balance;
      const spends = key.mode === 'live';
      return sendJson(reply, 200, {
        object: 'balance',
        mode: key.mode,
        // null: a test key never runs out.
        available_usd: spends ? formatUsd(available(balance)) : null,
        held_usd: formatUsd(spends ? total(held) : 0),
        subscription_usd: formatUsd(spends ? funds.subscription : 0),
        permanent_usd: formatUsd(spends ? funds.permanent : 0),
      });
    },
  });

  scope.route<{ Querystring: JsonObject }>({
    method: ['GET', 'HEAD'],
    url: '/usage',
    handler: async (request, reply) => {
      const { account, key } = callerOf(request);
      const { from, to } = readPeriod(request.query, core.now());
      const { models, latencies } = await core.store.usage({
        accountId: account.id,
        mode: key.mode,
        from,
        to,
      });
      return sendJson(reply, 200, {
        object: 'usage',
        mode: key.mode,
        from: isoTime(from),
        to: isoTime(to),
        charged_usd: formatUsd(models.reduce((sum, { charged }) => sum + charged, 0)),
        latency_ms: latencies,
        data: models.map(usageObject),
      });
    },
  });
}

function usageObject(usage: ModelUsage): object {
  return {
    dialect: usage.dialect,
    model: usage.model,
    kind: usage.kind,
    requests: usage.requests,
    failed: usage.failed,
    images: usage.images,
    seconds: usage.seconds,
    characters: usage.characters,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    charged_usd: formatUsd(usage.charged),
  };
}
