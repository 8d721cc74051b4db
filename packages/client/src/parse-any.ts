import type { Dialect } from './dialect.ts';
import { dialectOf } from './dialects/index.ts';
import type { DialectName, GenerationError } from './error.ts';
import { type ErrorAnswer, errorOf, failureIn, readErrorOf } from './parse.ts';

/**
 * The error in a response, whatever its body is: the dialect's own form, a proxy's HTML, empty, or cut off. Reads the body. Throws only for
 * an unknown dialect (TypeError). If the response contains no error (status below 400, no failed job), the code is `outcome_unknown`.
 */
export function parseError<D extends DialectName>(
  dialect: D | Dialect<D>,
  response: Response,
): Promise<GenerationError<D>> {
  return readErrorOf(dialectOf(dialect), response);
}

/** The same for an answer whose body has already been read. @throws as `parseError` */
export function parseErrorBody<D extends DialectName>(
  dialect: D | Dialect<D>,
  answer: ErrorAnswer,
): GenerationError<D> {
  return errorOf(dialectOf(dialect), answer);
}

/**
 * The failure inside a success: in a job object, a webhook payload, or events of a stream (the data of one, or the text of all). Undefined
 * if there is none. @throws as `parseError`
 */
export function parseFailure<D extends DialectName>(
  dialect: D | Dialect<D>,
  value: unknown,
): GenerationError<D> | undefined {
  return failureIn(dialectOf(dialect), value);
}
