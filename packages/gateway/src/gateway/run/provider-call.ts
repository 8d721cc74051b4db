import { callKey } from '../../domain/call-key.ts';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { ProviderCall } from '../../providers/port.ts';
import { fetchSource, readArtifact } from '../files/sources.ts';
import type { Current, Job } from './job.ts';

/** What the provider is given for an attempt. */
export function callOf(job: Job, current: Current, traceparent: string | undefined): ProviderCall {
  const { core, generation, stop } = job;
  return {
    idempotencyKey: callKey(generation.id, current, job.attempts),
    attempt: current.n,
    model: current.model,
    mode: generation.mode,
    request: generation.request,
    fetchSource: (url) =>
      fetchSource(core, generation, url, stop.signal).catch((thrown) => blameSource(generation, url, thrown)),
    readArtifact: (name) => readArtifact(core, name),
    tell: progressReporter(job),
    rest: job.rest,
    signal: stop.signal,
    deadlineAt: generation.deadlineAt,
    ...(traceparent !== undefined && { traceparent }),
  };
}

function blameSource({ request }: Generation, url: string, thrown: unknown): never {
  const error = GenlockError.from(thrown, 'media_unreadable');
  const source = request.sources?.findIndex((one) => one.url === url) ?? -1;
  throw source < 0 ? error : new GenlockError(error.code, error.message, { ...error.detail, source });
}

const TELL_EVERY_MS = 250;

/** Stores progress from time to time. A failure to store it is ignored: progress must never slow down or fail the work. */
function progressReporter(job: Job): ProviderCall['tell'] {
  const { core, generation, worker } = job;
  let next = 0;
  return (progress) => {
    job.progress = progress;
    if (core.now() < next && progress.percent < 100) return;
    next = core.now() + TELL_EVERY_MS;
    core.store.noteProgress({ generationId: generation.id, worker }, progress).catch(() => {});
  };
}
