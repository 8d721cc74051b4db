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
  /** True if this claim moved it from queued to running. */
  readonly started: boolean;
}

export interface BeginAttempt extends Lease {
  readonly n: number;
  readonly provider: string;
  readonly model: string;
  readonly now: number;
  /** The end of the attempt before, if the lease was not given back in between. Written in the same operation. */
  readonly ended?: EndAttempt;
  /** Webhooks that announce the start of the generation; dropped if the lease is lost. */
  readonly deliveries?: readonly NewDelivery[];
}

export interface EndAttempt {
  readonly n: number;
  readonly outcome: AttemptOutcome;
  readonly error: Attempt['error'];
  readonly cost?: Micros | undefined;
  /** A lower bound: a higher number that was noted before stays. */
  readonly lostCalls?: number | undefined;
}

/** Gives the lease back, so that the generation can be claimed again from `dueAt` on. It stays `running`. */
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
      /** A model that the work made. Its account can use it from now on. */
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
  /** The lease holder; undefined if the operator or the caller ends it from outside. */
  readonly worker?: string;
  /** End it only if it has this status (Kiara cancels queued jobs only). */
  readonly onlyIf?: Status;
  readonly now: number;
  readonly outcome: SettleOutcome;
  readonly attempt?: EndAttempt;
  readonly deliveries: readonly NewDelivery[];
  /** Removes the sealed webhook secret from the generation, because `deliveries` now contains it. */
  readonly forgetSecret?: boolean;
}

/** `refused`: it had already ended, the lease was lost, or `onlyIf` did not hold. Nothing was changed. */
export type SettleResult =
  | { readonly kind: 'settled' }
  | { readonly kind: 'refused'; readonly status: Status };

/** Generations under way: who holds their leases, how far they are, and how they end. */
export interface WorkStore {
  /**
   * Claims what is due. First come generations whose lease ran out, oldest first, whoever owns them. Then come queued and postponed ones,
   * within `room`: the waiting work of one account in one mode is a line, oldest first, and lines take turns, also from claim to claim. So
   * an account waits for at most one job of each other line, however long those lines are.
   */
  claim(command: ClaimWork): Promise<readonly ClaimedGeneration[]>;
  /**
   * Extends the worker's leases on these generations. Its other leases (of a claim whose answer was lost, or of a run that broke off) must
   * run out, or nobody would ever take up that work.
   */
  renewLeases(worker: string, leaseUntil: number, generationIds: readonly string[]): Promise<void>;
  /**
   * Gives back every lease of the worker at once, when it drains. Work that had begun returns to its former position in its line. Calls
   * under way are marked as broken off (domain/broken-off.ts).
   */
  releaseLeases(worker: string, now: number): Promise<void>;
  /** False if the lease is lost; the caller must then stop. */
  beginAttempt(command: BeginAttempt): Promise<boolean>;
  /** @param lostCalls how many calls were lost besides those that the id stands for */
  noteUpstreamId(lease: Lease, n: number, upstreamId: string, lostCalls?: number): Promise<boolean>;
  /** Progress of long work, for those who read or follow it. A crash may lose the last report, and one under a lost lease is dropped. */
  noteProgress(lease: Lease, progress: Progress): Promise<boolean>;
  postpone(command: PostponeCommand): Promise<boolean>;
  /**
   * Ends a generation, at most once: outcome, assets, capture or release, freed slots, deliveries. If it is ended from outside, an attempt
   * that is still under way becomes `abandoned`.
   */
  settle(command: SettleCommand): Promise<SettleResult>;
  /** When the next one becomes due, for a worker without work; null if nothing waits. */
  nextDue(what: 'generations' | 'deliveries'): Promise<number | null>;
}
