import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { formatUsd, parseUsd } from '../domain/money.ts';
import { creditAccount, ledgerOf } from '../gateway/accounts/accounts.ts';
import { confirmTopUp } from '../gateway/accounts/top-up.ts';
import type { PendingTopUp, Transfer } from '../store/port.ts';
import { note } from './audit-trail.ts';
import type { AdminContext } from './context.ts';
import { bucket, closed, cursor, nullableLine, optional, positiveUsd } from './fields.ts';
import { type ById, idOf } from './id.ts';
import { optionalTime, renderTransfer, time } from './render.ts';

const PAGE = 100;

export const TopUp = Type.Object(
  { usd: positiveUsd, bucket: optional(bucket), reference: optional(nullableLine('invoice-2025-17')) },
  closed,
);

export const LedgerQuery = Type.Object({ cursor: optional(cursor) }, closed);

export function ledgerRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.post<ById & { Body: Static<typeof TopUp> }>(
    '/accounts/:id/top-ups',
    { schema: { body: TopUp }, config: { audit: 'account.top_up' } },
    async (request, reply) => {
      const { params, body } = request;
      const accountId = idOf(params);
      const { transfer, repeated } = await creditAccount(core, {
        accountId,
        amount: parseUsd(body.usd) ?? 0,
        bucket: body.bucket ?? 'permanent',
        reference: body.reference || null,
      });
      note(request, { detail: body, ...(repeated && { outcome: 'repeated' }) });
      return reply.code(repeated ? 200 : 201).send(renderTopUp(transfer));
    },
  );

  app.get<ById & { Querystring: Static<typeof LedgerQuery> }>(
    '/accounts/:id/ledger',
    { schema: { querystring: LedgerQuery } },
    async ({ params, query }) => {
      const { data, nextCursor } = await ledgerOf(core, idOf(params), PAGE, query.cursor || undefined);
      return { data: data.map(renderTransfer), next_cursor: nextCursor };
    },
  );

  app.post<ById>('/top-ups/:id/confirm', { config: { audit: 'top_up.confirm' } }, async (request) => {
    const { topUp, credited } = await confirmTopUp(core, idOf(request.params));
    note(request, { detail: { account: topUp.accountId, credited_usd: formatUsd(credited) } });
    return renderPendingTopUp(topUp);
  });
}

function renderTopUp(transfer: Transfer) {
  const { id, type, usd, at } = renderTransfer(transfer);
  return {
    id,
    account_id: transfer.accountId,
    type,
    usd,
    bucket: transfer.funds.permanent > 0 ? 'permanent' : 'subscription',
    reference: transfer.reference,
    at,
  };
}

function renderPendingTopUp(topUp: PendingTopUp) {
  const { id, accountId, dialect, mode, status, pack, amount, createdAt, expiresAt, paidAt } = topUp;
  return {
    id,
    account_id: accountId,
    dialect,
    mode,
    status,
    pack,
    usd: formatUsd(amount),
    created_at: time(createdAt),
    expires_at: time(expiresAt),
    paid_at: optionalTime(paidAt),
  };
}
