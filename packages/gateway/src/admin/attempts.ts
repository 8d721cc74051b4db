import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { isFoundLater } from '../domain/call-key.ts';
import type { Attempt } from '../domain/generation.ts';
import { formatUsd } from '../domain/money.ts';
import type { Core } from '../gateway/core.ts';
import { FLAGGED_OUTCOMES, type FlaggedAttempt } from '../store/port.ts';
import type { AdminContext } from './context.ts';
import { choice, closed, cursor, optional } from './fields.ts';
import { optionalTime, time } from './render.ts';

const PAGE = 100;

export const AttemptsQuery = Type.Object(
  { outcome: choice(FLAGGED_OUTCOMES), cursor: optional(cursor) },
  closed,
);

/**
 * Attempts that may have to be paid although they brought nothing, including lost calls of work that succeeded. They are for the operator
 * to look at.
 */
export function attemptRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: Static<typeof AttemptsQuery> }>(
    '/attempts',
    { schema: { querystring: AttemptsQuery } },
    async ({ query }) => {
      const { data, nextCursor } = await core.store.flaggedAttempts(
        query.outcome,
        PAGE,
        query.cursor || undefined,
      );
      const open = await Promise.all(data.map((one) => isOpen(core, one)));
      return { data: data.filter((_, n) => open[n]).map(renderFlagged), next_cursor: nextCursor };
    },
  );
}

/**
 * Whether an attempt still needs a look. A lost call that was made again under the same key was bought only once, and the attempt that got
 * through says what became of it.
 */
async function isOpen({ store }: Core, one: FlaggedAttempt): Promise<boolean> {
  if (one.outcome !== 'outcome_unknown' || one.lostCalls > 0) return true;
  return !isFoundLater(one, await store.attempts(one.generation.id));
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
