import type { Attempt, AttemptOutcome, Generation } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { Page } from './page.ts';

/** Outcomes that may have cost money without a result. An attempt that ended otherwise but lost calls is listed under `outcome_unknown`. */
export const FLAGGED_OUTCOMES = ['abandoned', 'late', 'outcome_unknown'] as const satisfies AttemptOutcome[];
export type FlaggedOutcome = (typeof FLAGGED_OUTCOMES)[number];

/** An attempt with the relevant facts of its generation. */
export interface FlaggedAttempt extends Attempt {
  readonly generation: Pick<
    Generation,
    'id' | 'accountId' | 'dialect' | 'mode' | 'model' | 'status' | 'quote' | 'finishedAt'
  >;
}

/** The fate of an attempt whose generation has ended or whose outcome was unknown. */
export interface ResolveAttempt {
  readonly generationId: string;
  readonly n: number;
  /** `abandoned`: still not known. */
  readonly outcome: AttemptOutcome;
  /** Present if it was only found out now. */
  readonly upstreamId?: string;
  readonly cost?: Micros | undefined;
  readonly now: number;
}

export interface AttemptStore {
  attempts(generationId: string): Promise<readonly Attempt[]>;
  /** Over all accounts, newest first. */
  flaggedAttempts(outcome: FlaggedOutcome, limit: number, cursor?: string): Promise<Page<FlaggedAttempt>>;
  /** False if the attempt is neither `abandoned` nor `outcome_unknown`. */
  resolveAttempt(command: ResolveAttempt): Promise<boolean>;
}
