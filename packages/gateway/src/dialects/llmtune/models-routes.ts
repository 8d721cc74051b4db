import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MICROS_PER_USD, type Micros } from '../../domain/money.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import type { Model } from '../../gateway/models/model.ts';
import { callerOf } from '../../http/caller.ts';
import { NAME } from './links.ts';
import { type LanguageModel, languageModel } from './models.ts';
import { sendJson } from './send.ts';

interface Listed extends LanguageModel {
  readonly status: Model['status'];
  readonly price: Model['price'];
}

/** The model lists (contract sections 8 and 9): one catalogue and two short lists, each in the envelope that its page shows. */
export function modelRoutes(scope: FastifyInstance, core: Core): void {
  const get = (url: string, render: (models: readonly Listed[]) => object): void => {
    scope.route({
      method: ['GET', 'HEAD'],
      url,
      handler: async (request, reply) =>
        sendJson(reply, render(await listed(core, callerOf(request), wantsInactive(request)))),
    });
  };

  const catalogue = (models: readonly Listed[]): object => ({
    success: true,
    object: 'list',
    data: models.map(catalogueEntry),
    count: models.length,
  });
  get('/api/models/list', catalogue);
  get('/v1/models', catalogue);
  get('/api/agent/v1/models', (models) => ({ object: 'list', data: forAgents(models) }));
  get('/api/agent/models', (models) => {
    const data = forAgents(models);
    return { success: true, data, count: data.length };
  });
}

/** The dialect's models, then those that the caller's workspace trained. */
async function listed(core: Core, { account }: Caller, inactiveToo: boolean): Promise<readonly Listed[]> {
  const shipped = core.models.list(NAME);
  const published = await core.store.publishedModels(account.id, NAME);
  const own = published.flatMap(({ id, base }) => {
    const model = core.models.find(NAME, base);
    return model === undefined ? [] : [{ ...model, id }];
  });
  return [...shipped, ...own].flatMap(({ id, status, price }) => {
    const facts = languageModel(id);
    if (facts === undefined || (status !== 'active' && !inactiveToo)) return [];
    return [{ ...facts, status, price }];
  });
}

function wantsInactive(request: FastifyRequest): boolean {
  return (request.query as { active?: unknown }).active === 'false';
}

function forAgents(models: readonly Listed[]): readonly object[] {
  return models
    .filter(({ capabilities }) => capabilities.includes('agent'))
    .map(({ id, name, ownedBy }) => ({ id, name, owned_by: ownedBy }));
}

function catalogueEntry({ id, name, ownedBy, status, contextLength, capabilities, price }: Listed): object {
  return {
    id,
    object: 'model',
    name,
    owned_by: ownedBy,
    active: status === 'active',
    context_length: contextLength,
    capabilities,
    pricing: price && {
      input_per_million: dollars(price.usd),
      output_per_million: dollars(price.outputUsd ?? price.usd),
      currency: 'USD',
    },
  };
}

function dollars(amount: Micros): number {
  return amount / MICROS_PER_USD;
}
