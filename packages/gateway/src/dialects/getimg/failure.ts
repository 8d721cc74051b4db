import type { CanonicalCode } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import { jobCodeOf } from './errors.ts';

/** The failure of a job as a read shows it (contract section 5). A job that the operator canceled counts as failed. */
export function failureObject({ failure }: Generation): object {
  return failure === null
    ? { code: 'server_error', message: 'The generation was canceled.' }
    : { code: jobCodeOf(failure.code), message: failure.message };
}

/**
 * The same failure as the error of a call that waited for the work. Only what the caller can correct is reported as such: a provider's
 * objection to a limit or key of the operator is neither the caller's limit nor the caller's key.
 */
export function failureError(generation: Generation): GenlockError {
  const { failure, request } = generation;
  if (failure === null) return new GenlockError('internal_error', 'The generation was canceled.');
  const sources = request.sources?.length ?? 0;
  const detail = failure.source === undefined ? {} : { source: failure.source };
  return nameParam(new GenlockError(saidBy(failure.code), failure.message, detail), sources);
}

function saidBy(code: CanonicalCode): CanonicalCode {
  // Rendered with the same words, but with a header that forbids repeating the order.
  if (code === 'outcome_unknown') return code;
  return jobCodeOf(code) === 'server_error' ? 'upstream_failed' : code;
}

const OF_PICTURES: ReadonlySet<CanonicalCode> = new Set([
  'media_unreadable',
  'media_too_large',
  'media_too_short',
  'invalid_media',
]);

/**
 * Names the member at fault if the core could not (contract section 9.1). An objection by the operator's word list concerns the prompt. If
 * a provider refuses a submission with pictures, the picture is assumed to be the cause; with several, all of them.
 */
export function nameParam(error: GenlockError, sources: number): GenlockError {
  const { param, reason, source } = error.detail;
  if (param !== undefined) return error;
  const pictures = source !== undefined ? `images[${source}].url` : sources > 1 ? 'images' : 'images[0].url';
  if (error.code === 'content_rejected')
    return withParam(error, sources === 0 || reason === 'words' ? 'prompt' : pictures);
  return OF_PICTURES.has(error.code) && sources > 0 ? withParam(error, pictures) : error;
}

function withParam(error: GenlockError, param: string): GenlockError {
  return new GenlockError(error.code, error.message, { ...error.detail, param });
}
