import type { Generation, Status } from '../../../domain/generation.ts';
import { fineTunedId } from '../models.ts';
import { isoTime, optionalTime } from '../times.ts';

const STATUS: Readonly<Record<Status, string>> = {
  queued: 'pending',
  running: 'training',
  succeeded: 'completed',
  failed: 'failed',
  canceled: 'cancelled',
};

/** The answer to a start, also when it is repeated (contract section 10). */
export function startedObject({ id, model, createdAt }: Generation): object {
  return { success: true, jobId: id, status: 'pending', baseModel: model, createdAt: isoTime(createdAt) };
}

export function cancelledObject({ id, status }: Generation): object {
  return { success: true, jobId: id, status: STATUS[status] };
}

/** Contract section 10. */
export function trainingObject(generation: Generation): object {
  const { id, model, status, progress, request, createdAt, startedAt, finishedAt } = generation;
  return {
    jobId: id,
    status: STATUS[status],
    progress: status === 'succeeded' ? 100 : (progress?.percent ?? 0),
    baseModel: model,
    trainingMethod: request.kind === 'training' ? request.method : null,
    modelId: status === 'succeeded' ? fineTunedId(model, id) : null,
    error: errorOf(generation),
    metrics: progress?.metrics ?? null,
    createdAt: isoTime(createdAt),
    startedAt: optionalTime(startedAt),
    completedAt: optionalTime(finishedAt),
  };
}

/** The reason why there is no model; null while there may still be one. */
export function errorOf({ status, failure }: Generation): string | null {
  return status === 'failed' ? (failure?.message ?? 'The job failed.') : null;
}
