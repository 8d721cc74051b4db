import type { Dialect } from './dialect.ts';
import { dialectOf } from './dialects/index.ts';
import type { DialectName, GenerationError } from './error.ts';
import { type ErrorAnswer, errorOf, failureIn, readErrorOf } from './parse.ts';

/**
 * The error that a response tells, whatever its body is: the dialect's own, HTML of a proxy, nothing, or cut off. Reads the body; it throws
 * only for a dialect that there is none of (TypeError). Of a response that tells no error (status below 400, no failed job in it) it says `outcome_unknown`.
 */
export function parseError<D extends DialectName>(
  dialect: D | Dialect<D>,
  response: Response,
): Promise<GenerationError<D>> {
  return readErrorOf(dialectOf(dialect), response);
}

/** The same for an answer that has been read already. @throws as `parseError` */
export function parseErrorBody<D extends DialectName>(
  dialect: D | Dialect<D>,
  answer: ErrorAnswer,
): GenerationError<D> {
  return errorOf(dialectOf(dialect), answer);
}

/**
 * The failure that is told inside a success: by a job object, a webhook payload, or events of a stream (the data of one, or the text of
 * all). Undefined where none is told. @throws as `parseError`
 */
export function parseFailure<D extends DialectName>(
  dialect: D | Dialect<D>,
  value: unknown,
): GenerationError<D> | undefined {
  return failureIn(dialectOf(dialect), value);
}
