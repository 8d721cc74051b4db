import type {
  Attempt,
  AttemptOutcome,
  Generation,
  GenerationFailure,
  Status,
} from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { Usage } from '../../domain/pricing.ts';
import type { Asset } from './assets.ts';
import type { PublishedModel } from './models.ts';
import type { NewDelivery } from './webhooks.ts';

export interface ClaimCommand {
  readonly worker: string;
  readonly limit: number;
  readonly now: number;
  /** The claim holds until then, unless renewed; after it anyone may claim. */
  readonly leaseUntil: number;
}

export interface ClaimedGeneration {
  readonly generation: Generation;
  readonly attempts: readonly Attempt[];
  /** True when this claim moved it from queued to running. */
  readonly started: boolean;
}

/** Names a generation that this worker has under lease. Writes with a lost lease change nothing. */
export interface Lease {
  readonly generationId: string;
  readonly worker: string;
}

export interface BeginAttempt extends Lease {
  readonly n: number;
  readonly provider: string;
  readonly model: string;
  readonly now: number;
  /** The attempt before, where it ended without the lease being given back: in the same write. */
  readonly ended?: EndAttempt;
  /** Owed because the generation began to run; dropped when the lease is lost. */
  readonly deliveries?: readonly NewDelivery[];
}

export interface EndAttempt {
  readonly n: number;
  readonly outcome: AttemptOutcome;
  readonly error: Attempt['error'];
  readonly cost?: Micros | undefined;
  /** At least so many: what was noted before stays. */
  readonly lostCalls?: number | undefined;
}

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

/** Gives the lease back so that the generation is claimed again at `dueAt`. It stays `running`. */
export interface PostponeCommand extends Lease {
  readonly now: number;
  readonly dueAt: number;
  readonly attempt?: EndAttempt;
}

/** A charge is at most the hold; the rest of the hold is released. Text that broke off is charged for what was streamed. */
export type SettleOutcome =
  | {
      readonly status: 'succeeded';
      readonly charge: Micros;
      readonly delivered?: Usage;
      readonly assets: readonly Asset[];
      /** A model that the work made, there for its account from now on. */
      readonly publish?: PublishedModel;
    }
  | {
      readonly status: 'failed';
      readonly failure: GenerationFailure;
      readonly charge?: Micros;
      readonly delivered?: Usage;
    }
  | { readonly status: 'canceled'; readonly charge?: Micros; readonly delivered?: Usage };

export interface SettleCommand {
  readonly generationId: string;
  /** The lease holder; undefined where the operator or the caller ends it from outside. */
  readonly worker?: string;
  /** End it only while it has this status (Kiara cancels queued jobs only). */
  readonly onlyIf?: Status;
  readonly now: number;
  readonly outcome: SettleOutcome;
  readonly attempt?: EndAttempt;
  readonly deliveries: readonly NewDelivery[];
  /** Its webhook came with a sealed secret: that is in `deliveries` by now, and leaves the generation. */
  readonly forgetSecret?: boolean;
}

/** `refused`: it had ended already, the lease was lost, or `onlyIf` did not hold; nothing was changed. */
export type SettleResult =
  | { readonly kind: 'settled' }
  | { readonly kind: 'refused'; readonly status: Status };
