import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Attempt } from '../domain/generation.ts';
import { formatUsd } from '../domain/money.ts';
import { FLAGGED_OUTCOMES, type FlaggedAttempt } from '../store/port.ts';
import type { AdminContext } from './context.ts';
import { choice, closed, line, optional } from './fields.ts';
import { optionalTime, time } from './render.ts';

const PAGE = 100;

export const AttemptsQuery = Type.Object(
  { outcome: choice(FLAGGED_OUTCOMES), cursor: optional(line('2s')) },
  closed,
);

/** What may have to be paid to a provider and brought nothing, lost calls of what succeeded too: for the operator to look at. */
export function attemptRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: Static<typeof AttemptsQuery> }>(
    '/attempts',
    { schema: { querystring: AttemptsQuery } },
    async ({ query }) => {
      const { data, nextCursor } = await core.store.flaggedAttempts(query.outcome, PAGE, query.cursor);
      return { data: data.map(renderFlagged), next_cursor: nextCursor };
    },
  );
}

function renderFlagged({ generation, ...attempt }: FlaggedAttempt) {
  return {
    generation_id: generation.id,
    account_id: generation.accountId,
    dialect: generation.dialect,
    mode: generation.mode,
    ordered_model: generation.model,
    status: generation.status,
    quote_usd: formatUsd(generation.quote),
    finished_at: optionalTime(generation.finishedAt),
    ...renderAttempt(attempt),
  };
}

export function renderAttempt(attempt: Attempt) {
  return {
    n: attempt.n,
    provider: attempt.provider,
    model: attempt.model,
    upstream_id: attempt.upstreamId,
    outcome: attempt.outcome,
    error: attempt.error,
    cost_usd: attempt.cost === null ? null : formatUsd(attempt.cost),
    lost_calls: attempt.lostCalls,
    started_at: time(attempt.startedAt),
    ended_at: optionalTime(attempt.endedAt),
  };
}
