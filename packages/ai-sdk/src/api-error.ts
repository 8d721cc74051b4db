import { APICallError } from '@ai-sdk/provider';
import { type AnyGenerationError, type Generation, GenerationError } from '@genlock/client';

/** How far a call had come when it failed. This decides whether the SDK may repeat it. */
export type Phase =
  /** Nothing was ordered: a look-up, an upload. */
  | 'before'
  /** The order itself. */
  | 'order'
  /** It was ordered: repeating the call would order a second time. */
  | 'after'
  /** A call that only asks for the state of an order. */
  | 'status';

export interface Circumstances {
  readonly phase: Phase;
  readonly url: string;
  readonly order: unknown;
  readonly generation?: Pick<Generation, 'id'> | undefined;
  /** An idempotency key that stays the same if the SDK repeats the call. */
  readonly key?: string | undefined;
}

/** The content of `error.data` for programs, as plain JSON. `error.cause` is the GenerationError itself. */
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
 * Converts a failure into an error of the SDK. What is not an error of the API (above all an abort) stays as it is.
 *
 * `isRetryable` is true only if waiting helps **and** another call cannot buy twice.
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
      // The key is the caller's, so the next call asks for the same order.
      if (error.code === 'outcome_unknown') return key !== undefined;
      return helps && !error.mayHaveBeenCharged;
    case 'after':
      // A job that failed and cost nothing may be ordered again, unless its key would only return the same failure.
      return helps && !error.mayHaveBeenCharged && hasFailed(error, generation) && key === undefined;
  }
}

/** Whether the job itself failed, and not a call that asks for it. */
function hasFailed(
  { raw, generationId }: AnyGenerationError,
  generation: Circumstances['generation'],
): boolean {
  const status = typeof raw === 'object' && raw !== null && 'status' in raw ? raw.status : undefined;
  return status === 'failed' && generationId !== null && generationId === generation?.id;
}
