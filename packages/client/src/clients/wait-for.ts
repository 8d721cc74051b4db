import { amended, type DialectName, GenerationError } from '../error.ts';
import { delayAfter } from '../fetch/back-off.ts';
import { failureIn, isOwnError } from '../parse.ts';
import { quietly } from '../quietly.ts';
import { LONGEST_TIMER_MS, sleep } from '../sleep.ts';
import type { JobSource, WaitOptions } from './job-source.ts';

/** The time limit of one poll, in case its connection is dead. */
const LOOK_MS = 90_000;
/** The time limit of the last poll, at the deadline. */
const LAST_LOOK_MS = 5_000;

/**
 * Waits for the end of a job, given as an object or by its id. Polls as the contract advises, and continues if a poll fails for a reason
 * that may pass.
 *
 * @returns the job, if it succeeded
 * @throws GenerationError if it failed; `invalid_state` if it was canceled; `outcome_unknown` with its id if it has not ended in time,
 * which does not stop it; a permanent error of the service, with the job's id; or the reason of the signal
 */
export async function waitFor<D extends DialectName, Job, Done extends Job>(
  { source }: { readonly source: JobSource<D, Job, Done> },
  job: Job | string,
  options: WaitOptions<Job> = {},
): Promise<Done> {
  const ended = await endOf(source, job, options);
  const state = source.stateOf(ended);
  if (state === 'succeeded') return ended as Done;
  throw state === 'canceled'
    ? failure(source, 'invalid_state', ended, 'the generation was canceled')
    : (failureIn(source.dialect, ended) ??
        failure(source, 'upstream_failed', ended, 'the generation failed, without a reason'));
}

/** The same, but returns the job whatever its end is. */
export async function endOf<D extends DialectName, Job, Done extends Job>(
  source: JobSource<D, Job, Done>,
  job: Job | string,
  options: WaitOptions<Job> = {},
): Promise<Job> {
  const { signal = new AbortController().signal, timeoutMs = source.timeoutMs } = options;
  const begin = Date.now();
  const spentMs = () => Date.now() - begin;
  const intervalMs = () => options.intervalMs ?? source.intervalMs(spentMs());
  // An answer without an id gives a job without one, whatever its type says.
  const id = (typeof job === 'string' ? job : job && source.idOf(job)) as string | undefined;
  if (id === undefined) throw nameless(source, job);
  let latest = typeof job === 'string' ? undefined : job;
  let failures = 0;
  let trouble: unknown;
  let pauseMs = latest === undefined || source.holds ? 0 : intervalMs();
  signal.throwIfAborted();
  if (latest !== undefined && hasEnded(source, latest, spentMs(), options)) return latest;
  for (;;) {
    // Timers may fire early; if only the clock counted, there could be two last polls.
    const isLast = pauseMs >= timeoutMs - spentMs();
    await sleep(Math.max(0, Math.min(pauseMs, timeoutMs - spentMs(), LONGEST_TIMER_MS)), signal);
    const leftMs = isLast ? 0 : Math.max(0, timeoutMs - spentMs());
    const beganMs = spentMs();
    try {
      latest = await look(source, id, leftMs, options);
      failures = 0;
      trouble = undefined;
    } catch (thrown) {
      signal.throwIfAborted();
      if (!mayPass(source, thrown)) throw fatal(source, id, thrown);
      failures += 1;
      trouble = thrown;
    }
    if (failures === 0 && latest !== undefined && hasEnded(source, latest, spentMs(), options)) return latest;
    if (leftMs === 0) throw unfinished(source, id, latest, trouble);
    pauseMs = failures === 0 ? intervalMs() - (spentMs() - beganMs) : pauseAfter(failures, trouble, leftMs);
  }
}

function look<D extends DialectName, Job, Done extends Job>(
  source: JobSource<D, Job, Done>,
  id: string,
  leftMs: number,
  { signal, onProgress }: WaitOptions<Job>,
): Promise<Job> {
  const limit = AbortSignal.timeout(Math.max(LAST_LOOK_MS, Math.min(leftMs, LOOK_MS)));
  const until = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  return source.read(id, { signal: until, leftMs, watched: onProgress !== undefined });
}

function hasEnded<D extends DialectName, Job>(
  source: JobSource<D, Job>,
  job: Job,
  elapsedMs: number,
  { onProgress }: WaitOptions<Job>,
): boolean {
  const state = source.stateOf(job);
  quietly(() => onProgress?.({ job, state, percent: source.progressOf?.(job), elapsedMs }));
  return state === 'succeeded' || state === 'failed' || state === 'canceled';
}

function mayPass<D extends DialectName, Job>(source: JobSource<D, Job>, thrown: unknown): boolean {
  // Anything but an error of the service is the time limit of the poll.
  if (!GenerationError.isInstance(thrown)) return thrown instanceof DOMException;
  // A proxy's page says nothing about the job, which is paid for and goes on.
  if (!isOwnError(source.dialect, thrown)) return true;
  const { retry } = thrown;
  return (retry === 'backoff' || retry === 'after_delay') && source.isFinal?.(thrown) !== true;
}

/** The error to throw when polling ends. It is the job's own end only if the job itself was reported. */
function fatal<D extends DialectName, Job>(source: JobSource<D, Job>, id: string, thrown: unknown): unknown {
  if (!GenerationError.isInstance(thrown)) return thrown;
  return source.isFinal?.(thrown) === true
    ? amended<DialectName>(thrown, { generationId: id, retry: 'never', mayHaveBeenCharged: false })
    : amended<DialectName>(thrown, { generationId: id, mayHaveBeenCharged: true });
}

function nameless<D extends DialectName, Job>(
  { dialect }: JobSource<D, Job>,
  raw: unknown,
): GenerationError<D> {
  return new GenerationError<D>({
    code: 'outcome_unknown',
    dialect: dialect.name,
    message: `${dialect.name}: the generation has no id by which it could be asked after.`,
    raw,
    mayHaveBeenCharged: true,
  });
}

function pauseAfter(failures: number, trouble: unknown, leftMs: number): number {
  const hint = GenerationError.isInstance(trouble) ? trouble.retryAfterMs : null;
  return delayAfter(failures, hint, leftMs, Math.random) ?? leftMs;
}

function failure<D extends DialectName, Job>(
  { dialect, idOf, canceledCosts = false }: JobSource<D, Job>,
  code: 'invalid_state' | 'upstream_failed',
  job: Job,
  words: string,
): GenerationError<D> {
  const failed = code === 'upstream_failed';
  return new GenerationError<D>({
    code,
    ...(failed && { retry: 'after_fix' }),
    dialect: dialect.name,
    message: `${dialect.name}: ${words}.`,
    generationId: idOf(job),
    raw: job,
    mayHaveBeenCharged: failed || canceledCosts,
  });
}

function unfinished<D extends DialectName, Job>(
  { dialect }: JobSource<D, Job>,
  id: string,
  job: Job | undefined,
  trouble: unknown,
): GenerationError<D> {
  return new GenerationError<D>({
    code: 'outcome_unknown',
    dialect: dialect.name,
    message: `${dialect.name}: the generation has not ended in the time that it was given, and goes on.`,
    generationId: id,
    raw: job,
    mayHaveBeenCharged: true,
    cause: trouble,
  });
}
