import type { Dialect } from '../dialect.ts';
import type { DialectName, GenerationError } from '../error.ts';

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled';

/** How jobs of one kind are asked after, as their contract advises. */
export interface JobSource<D extends DialectName, Job, Done extends Job = Job> {
  readonly dialect: Dialect<D>;
  idOf(job: Job): string;
  /** Undefined for a word that is newer than this package: the job has not ended, as far as anybody knows. */
  stateOf(job: Job): JobState | undefined;
  /** Percent; undefined where the job does not say. */
  progressOf?(job: Job): number | undefined;
  /** One look, without retries. */
  read(id: string, look: Look): Promise<Job>;
  /** From one look to the next, by how long was waited so far. */
  intervalMs(elapsedMs: number): number;
  /** The service holds its answer until there is news: the first look is made at once. */
  readonly holds?: boolean;
  /** How long such jobs may take. */
  readonly timeoutMs: number;
  /** One that was canceled has cost what was done until then. */
  readonly canceledCosts?: boolean;
  /** An error of a look that is the job's own, which failed and costs nothing: it would be the same whenever one looks. */
  isFinal?(error: GenerationError): boolean;
  /** Only for the compiler. */
  readonly done?: Done;
}

export interface Look {
  readonly signal: AbortSignal;
  readonly leftMs: number;
  /** Somebody wants to see how it goes on. */
  readonly watched: boolean;
}

export interface Progress<Job> {
  readonly job: Job;
  /** Undefined where the service says a word that this package does not know. */
  readonly state: JobState | undefined;
  readonly percent: number | undefined;
  readonly elapsedMs: number;
}

export interface WaitOptions<Job> {
  readonly signal?: AbortSignal | undefined;
  /** At most so long, 0 for one look; by default as long as such jobs may take. */
  readonly timeoutMs?: number | undefined;
  /** In place of what the contract advises. */
  readonly intervalMs?: number | undefined;
  /** Called with each state that was read. What it throws is ignored, also later: a progress bar must not lose a paid job. */
  readonly onProgress?: ((progress: Progress<Job>) => unknown) | undefined;
}
