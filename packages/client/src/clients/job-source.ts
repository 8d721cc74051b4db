import type { Dialect } from '../dialect.ts';
import type { DialectName, GenerationError } from '../error.ts';

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled';

/** How to poll jobs of one kind, as their contract advises. */
export interface JobSource<D extends DialectName, Job, Done extends Job = Job> {
  readonly dialect: Dialect<D>;
  idOf(job: Job): string;
  /** Undefined for a status that is newer than this package: as far as is known, the job has not ended. */
  stateOf(job: Job): JobState | undefined;
  /** Percent; undefined if the job does not report it. */
  progressOf?(job: Job): number | undefined;
  /** Polls once, without retries. */
  read(id: string, look: Look): Promise<Job>;
  /** The pause before the next poll, by the time waited so far. */
  intervalMs(elapsedMs: number): number;
  /** The service holds its answer until there is news, so the first poll is made at once. */
  readonly holds?: boolean;
  /** The default time limit of such jobs. */
  readonly timeoutMs: number;
  /** A canceled job has cost what was done until then. */
  readonly canceledCosts?: boolean;
  /** Whether an error of a poll is the job's own failure, which costs nothing and would be the same in every poll. */
  isFinal?(error: GenerationError): boolean;
  /** Only for the compiler. */
  readonly done?: Done;
}

export interface Look {
  readonly signal: AbortSignal;
  readonly leftMs: number;
  /** Somebody wants to see the progress. */
  readonly watched: boolean;
}

export interface Progress<Job> {
  readonly job: Job;
  /** Undefined for a status that this package does not know. */
  readonly state: JobState | undefined;
  readonly percent: number | undefined;
  readonly elapsedMs: number;
}

export interface WaitOptions<Job> {
  readonly signal?: AbortSignal | undefined;
  /** The longest time to wait; 0 polls once. Default: the time limit of such jobs. */
  readonly timeoutMs?: number | undefined;
  /** Overrides the interval that the contract advises. */
  readonly intervalMs?: number | undefined;
  /** Called with each state that was read. Its errors are ignored, also asynchronous ones: a progress bar must not lose a paid job. */
  readonly onProgress?: ((progress: Progress<Job>) => unknown) | undefined;
}
