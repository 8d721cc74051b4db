import type { CanonicalCode } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import { jobCodeOf } from './errors.ts';

/** How a job ended that did not succeed, as a read of it tells (contract section 5). One that the operator canceled failed, too. */
export function failureObject({ failure }: Generation): object {
  return failure === null
    ? { code: 'server_error', message: 'The generation was canceled.' }
    : { code: jobCodeOf(failure.code), message: failure.message };
}

/**
 * The same as the error of a call that waited for the work. Only what the caller can mend is told as such: whatever else a provider
 * objects to, a limit or a key of the operator's, is no limit and no key of the caller.
 */
export function failureError(generation: Generation): GenlockError {
  const { failure, request } = generation;
  if (failure === null) return new GenlockError('internal_error', 'The generation was canceled.');
  const sources = request.sources?.length ?? 0;
  const detail = failure.source === undefined ? {} : { source: failure.source };
  return nameParam(new GenlockError(saidBy(failure.code), failure.message, detail), sources);
}

function saidBy(code: CanonicalCode): CanonicalCode {
  // The same words, with a header against repeating the order.
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
 * Names the member at fault where the core could not (contract section 9.1). An operator's word list has read the prompt; a provider that
 * refuses a submission with pictures is taken to mean the picture, and all of them where there are several.
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
