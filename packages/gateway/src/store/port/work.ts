import type {
  Attempt,
  AttemptOutcome,
  Generation,
  GenerationFailure,
  Progress,
  Status,
} from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { Usage } from '../../domain/pricing.ts';
import type { Asset } from './assets.ts';
import type { ClaimWork, Lease } from './lease.ts';
import type { PublishedModel } from './models.ts';
import type { NewDelivery } from './webhooks.ts';

export interface ClaimedGeneration {
  readonly generation: Generation;
  readonly attempts: readonly Attempt[];
  /** True when this claim moved it from queued to running. */
  readonly started: boolean;
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

/** Generations under way: who has one under lease, how far it is, how it ends. */
export interface WorkStore {
  /**
   * Takes what is due: first generations whose lease ran out, oldest first, whosoever they are. Then queued and postponed ones, within
   * `room`. The waiting work of one account in one mode is a line, oldest first, and lines take turns, also from claim to claim: who
   * has waited behind one job of each other line is next, however long the others are.
   */
  claim(command: ClaimWork): Promise<readonly ClaimedGeneration[]>;
  /** Extends every lease of the worker. */
  renewLeases(worker: string, leaseUntil: number): Promise<void>;
  /** Gives every lease of the worker back at once (drain): what was begun stands in its line where it stood before. */
  releaseLeases(worker: string, now: number): Promise<void>;
  /** False when the lease is lost: stop. */
  beginAttempt(command: BeginAttempt): Promise<boolean>;
  /** @param lostCalls how many calls were lost beside those that the id stands for */
  noteUpstreamId(lease: Lease, n: number, upstreamId: string, lostCalls?: number): Promise<boolean>;
  /** Progress of a long one, for who looks or listens; not durable to the last word, and dropped with a lost lease. */
  noteProgress(lease: Lease, progress: Progress): Promise<boolean>;
  postpone(command: PostponeCommand): Promise<boolean>;
  /**
   * Ends a generation: outcome, assets, capture or release, freed slots, deliveries. At most once. An attempt that is still under way
   * when it is ended from outside becomes `abandoned`.
   */
  settle(command: SettleCommand): Promise<SettleResult>;
  /** When the next one is due, for a worker that has nothing to do; null when nothing waits. */
  nextDue(what: 'generations' | 'deliveries'): Promise<number | null>;
}
