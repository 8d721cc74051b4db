import type { Attempt, AttemptOutcome, Generation } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { Page } from './page.ts';

/** What may have cost money and brought nothing. Attempts that ended otherwise but lost calls are `outcome_unknown` here. */
export const FLAGGED_OUTCOMES = ['abandoned', 'late', 'outcome_unknown'] as const satisfies AttemptOutcome[];
export type FlaggedOutcome = (typeof FLAGGED_OUTCOMES)[number];

/** An attempt with what there is to know of its generation. */
export interface FlaggedAttempt extends Attempt {
  readonly generation: Pick<
    Generation,
    'id' | 'accountId' | 'dialect' | 'mode' | 'model' | 'status' | 'quote' | 'finishedAt'
  >;
}

/** What became of an attempt whose generation has ended, or of one whose outcome was unknown. */
export interface ResolveAttempt {
  readonly generationId: string;
  readonly n: number;
  /** `abandoned`: not known yet. */
  readonly outcome: AttemptOutcome;
  /** Where it was found out only now. */
  readonly upstreamId?: string;
  readonly cost?: Micros | undefined;
  readonly now: number;
}

export interface AttemptStore {
  attempts(generationId: string): Promise<readonly Attempt[]>;
  /** Newest first, of all accounts. */
  flaggedAttempts(outcome: FlaggedOutcome, limit: number, cursor?: string): Promise<Page<FlaggedAttempt>>;
  /** False when the attempt is neither `abandoned` nor `outcome_unknown`. */
  resolveAttempt(command: ResolveAttempt): Promise<boolean>;
}
