import type { CanonicalCode } from '@genlock/contracts';
import type { Attempt, AttemptOutcome, Mode, Status } from '../../../domain/generation.ts';
import type { FlaggedAttempt } from '../../port.ts';

export interface AttemptRow {
  readonly n: number;
  readonly provider: string;
  readonly model: string;
  readonly upstream_id: string | null;
  readonly outcome: AttemptOutcome | null;
  readonly error_code: CanonicalCode | null;
  readonly error_raw: string | null;
  readonly cost: number | null;
  readonly lost_calls: number;
  readonly started_at: number;
  readonly ended_at: number | null;
}

export function toAttempt(row: AttemptRow): Attempt {
  return {
    n: row.n,
    provider: row.provider,
    model: row.model,
    upstreamId: row.upstream_id,
    outcome: row.outcome,
    error: row.error_code === null ? null : { code: row.error_code, raw: row.error_raw },
    cost: row.cost,
    lostCalls: row.lost_calls,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

/** The generation of an attempt, beside {@link AttemptRow}. */
export interface FlaggedRow {
  readonly generation_id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly ordered: string;
  readonly status: Status;
  readonly quote: number;
  readonly finished_at: number | null;
}

export function toFlaggedAttempt(row: AttemptRow & FlaggedRow): FlaggedAttempt {
  return {
    ...toAttempt(row),
    generation: {
      id: row.generation_id,
      accountId: row.account_id,
      dialect: row.dialect,
      mode: row.mode,
      model: row.ordered,
      status: row.status,
      quote: row.quote,
      finishedAt: row.finished_at,
    },
  };
}
