import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { total } from '../domain/funds.ts';
import { formatUsd, parseUsd } from '../domain/money.ts';
import {
  type AccountWithBalance,
  available,
  changeAccount,
  createAccount,
  DEFAULT_PLAN,
  readAccount,
} from '../gateway/accounts/accounts.ts';
import { mergeLimits, PLANS } from '../store/port.ts';
import { note } from './audit-trail.ts';
import type { AdminContext } from './context.ts';
import { closed, limits, line, optional, plan, resettable, usd } from './fields.ts';
import { type ById, idOf } from './id.ts';
import { time } from './render.ts';

export const NewAccount = Type.Object(
  { name: line('Acme'), plan: optional(plan), credit_usd: optional(usd), limits: optional(limits) },
  closed,
);

export const AccountPatch = Type.Object(
  {
    name: optional(line('Acme')),
    plan: optional(resettable(PLANS)),
    status: optional(resettable(['active', 'paused'])),
    limits: optional(limits),
  },
  closed,
);

export function accountRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.post<{ Body: Static<typeof NewAccount> }>(
    '/accounts',
    { schema: { body: NewAccount }, config: { audit: 'account.create' } },
    async (request, reply) => {
      const { body } = request;
      const created = await createAccount(core, {
        name: body.name,
        plan: body.plan ?? DEFAULT_PLAN,
        credit: parseUsd(body.credit_usd) ?? 0,
        limits: mergeLimits({}, body.limits ?? null),
      });
      note(request, { target: created.account.id, detail: body });
      return reply.code(201).send(renderAccount(created));
    },
  );

  app.get<ById>('/accounts/:id', async ({ params }) => renderAccount(await readAccount(core, idOf(params))));

  app.patch<ById & { Body: Static<typeof AccountPatch> }>(
    '/accounts/:id',
    { schema: { body: AccountPatch }, config: { audit: 'account.change' } },
    async (request) => {
      const { params, body } = request;
      const id = idOf(params);
      const changed = await changeAccount(core, id, body);
      note(request, { detail: body });
      return renderAccount(changed);
    },
  );
}

function renderAccount({ account, balance }: AccountWithBalance) {
  const { id, name, plan, status, limits, createdAt } = account;
  return {
    id,
    name,
    plan,
    status,
    balance: { available_usd: formatUsd(available(balance)), held_usd: formatUsd(total(balance.held)) },
    limits,
    created_at: time(createdAt),
  };
}
