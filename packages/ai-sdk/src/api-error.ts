import { APICallError } from '@ai-sdk/provider';
import { type AnyGenerationError, type Generation, GenerationError } from '@genlock/client';

/** How far a call had come when it failed, which decides whether the SDK may make it once more. */
export type Phase =
  /** Nothing was ordered: a look-up, an upload. */
  | 'before'
  /** The order itself. */
  | 'order'
  /** It was ordered; the same call again would order a second one. */
  | 'after'
  /** Only asks how it is. */
  | 'status';

export interface Circumstances {
  readonly phase: Phase;
  readonly url: string;
  readonly order: unknown;
  readonly generation?: Pick<Generation, 'id'> | undefined;
  /** A key that is the same when the SDK calls again. */
  readonly key?: string | undefined;
}

/** What programs can read of `error.data`, as plain JSON; `error.cause` is the GenerationError itself. */
export interface GenlockErrorData {
  readonly code: AnyGenerationError['code'];
  readonly advice: AnyGenerationError['advice'];
  readonly retry: AnyGenerationError['retry'];
  readonly blame: AnyGenerationError['blame'];
  readonly param: string | null;
  readonly requestId: string | null;
  readonly generationId: string | null;
  readonly idempotencyKey: string | null;
  readonly mayHaveBeenCharged: boolean;
}

/**
 * A failure as the SDK knows failures. What is no error of the API (an abort above all) stays as it is.
 *
 * `isRetryable` is true only where waiting helps **and** another call cannot buy twice.
 */
export function toApiError(thrown: unknown, circumstances: Circumstances): unknown {
  if (!GenerationError.isInstance(thrown)) return thrown;
  const { url, order, generation, key } = circumstances;
  const { raw, status, retryAfterMs, requestId } = thrown;
  const data: GenlockErrorData = {
    code: thrown.code,
    advice: thrown.advice,
    retry: thrown.retry,
    blame: thrown.blame,
    param: thrown.param,
    requestId,
    generationId: thrown.generationId ?? generation?.id ?? null,
    idempotencyKey: thrown.idempotencyKey ?? key ?? null,
    mayHaveBeenCharged: thrown.mayHaveBeenCharged,
  };
  return new APICallError({
    message: thrown.message,
    url,
    requestBodyValues: order,
    ...(status !== null && { statusCode: status }),
    responseHeaders: {
      ...(retryAfterMs !== null && { 'retry-after-ms': String(retryAfterMs) }),
      ...(requestId !== null && { 'x-request-id': requestId }),
    },
    ...(raw !== undefined && { responseBody: typeof raw === 'string' ? raw : JSON.stringify(raw) }),
    isRetryable: isRetryable(thrown, circumstances),
    data,
    cause: thrown,
  });
}

function isRetryable(error: AnyGenerationError, { phase, key, generation }: Circumstances): boolean {
  const helps = error.retry === 'backoff' || error.retry === 'after_delay';
  switch (phase) {
    case 'before':
    case 'status':
      return helps;
    case 'order':
      // The key is the caller's, so that the next call asks for the same order.
      if (error.code === 'outcome_unknown') return key !== undefined;
      return helps && !error.mayHaveBeenCharged;
    case 'after':
      // A job that failed and cost nothing may be ordered anew, unless its key would only tell of the same failure.
      return helps && !error.mayHaveBeenCharged && hasFailed(error, generation) && key === undefined;
  }
}

/** Whether the job itself has ended so, and not a call that asks for it. */
function hasFailed(
  { raw, generationId }: AnyGenerationError,
  generation: Circumstances['generation'],
): boolean {
  const status = typeof raw === 'object' && raw !== null && 'status' in raw ? raw.status : undefined;
  return status === 'failed' && generationId !== null && generationId === generation?.id;
}
