/** Who has to act for the error to go away. */
export type Blame = 'caller' | 'operator' | 'provider';

/**
 * What the caller may do with the unchanged request: `never` send it again; send it again `after_fix` (a top-up, a key, another input);
 * send it again with `backoff`; or send it again `after_delay`, the wait that the answer gives.
 */
export type Retry = 'never' | 'after_fix' | 'backoff' | 'after_delay';

export interface CanonicalError {
  readonly blame: Blame;
  readonly retry: Retry;
  readonly summary: string;
}

const caller = (retry: Retry, summary: string): CanonicalError => ({ blame: 'caller', retry, summary });
const operator = (retry: Retry, summary: string): CanonicalError => ({ blame: 'operator', retry, summary });
const provider = (retry: Retry, summary: string): CanonicalError => ({ blame: 'provider', retry, summary });

/** Every error that can occur, once. Dialects map these to their own codes (docs/errors.md). */
export const canonicalErrors = {
  unauthenticated: caller('after_fix', 'The API key is missing, malformed, unknown or revoked.'),
  account_disabled: caller('after_fix', 'The API key or its account is paused.'),
  origin_not_allowed: caller('after_fix', 'The Origin header is not on the allow-list of the key.'),
  ip_not_allowed: caller('after_fix', 'The address of the caller is not on the allow-list of the key.'),
  forbidden: caller('after_fix', 'The key may not do this.'),
  access_denied: caller('never', 'The object is private to another account.'),

  malformed_request: caller('after_fix', 'The request could not be read.'),
  parameter_missing: caller('after_fix', 'A required parameter is missing.'),
  invalid_parameter: caller('after_fix', 'A parameter has a value that is not allowed.'),
  parameter_conflict: caller('after_fix', 'Two parameters exclude each other.'),
  parameter_not_allowed: caller('after_fix', 'A parameter is not allowed on this plan.'),
  source_media_required: caller('after_fix', 'The model needs a source image, clip or sound.'),
  invalid_media: caller('after_fix', 'A media file could not be decoded.'),
  media_too_large: caller('after_fix', 'A media file is larger than allowed.'),
  media_unreadable: caller('after_fix', 'A media file could not be fetched or measured.'),
  media_too_short: caller('after_fix', 'A media file is shorter than the model needs.'),

  model_not_found: caller('after_fix', 'No such model.'),
  model_unsupported: caller('after_fix', 'The model cannot serve this kind of request.'),
  model_inactive: caller('after_fix', 'The model is switched off.'),
  model_paused: caller('backoff', 'The model is paused for now.'),
  model_not_billable: operator('after_fix', 'The model has no price, so nothing may run on it.'),
  model_misconfigured: operator('after_fix', 'The model is configured wrongly.'),
  no_route: operator('backoff', 'Nothing is configured to run the model.'),

  insufficient_credits: caller('after_fix', 'The account has too few credits.'),
  payment_required: caller('after_fix', 'The account has no means of payment.'),
  unknown_pack: caller('after_fix', 'No such credit pack.'),
  charge_failed: operator('backoff', 'The ledger refused the charge.'),

  not_found: caller('never', 'No such object, or it belongs to somebody else.'),
  route_not_found: caller('never', 'No such route.'),
  method_not_allowed: caller('never', 'The route does not accept this method.'),
  invalid_state: caller('never', 'The object is not in a state that allows this.'),
  idempotency_conflict: caller('after_fix', 'The idempotency key was used with another request.'),

  rate_limited: caller('after_delay', 'Too many requests.'),
  concurrency_limited: caller('after_delay', 'Too many generations at once.'),
  queue_full: caller('after_delay', 'Too many unfinished jobs.'),
  limiter_unavailable: operator('backoff', 'The rate limiter cannot be reached.'),

  content_rejected: caller('after_fix', 'Moderation refused the input or the output.'),

  upstream_failed: provider('backoff', 'The provider failed to produce a result.'),
  upstream_timeout: provider('backoff', 'The provider did not finish in time.'),
  upstream_rate_limited: provider('after_delay', 'The provider refused because of its own rate limit.'),
  upstream_unavailable: provider('backoff', 'The provider cannot be reached.'),
  upstream_invalid_result: provider('backoff', 'The provider answered with something unusable.'),
  outcome_unknown: provider('never', 'Nobody can tell whether the provider did the work.'),

  internal_error: operator('backoff', 'Something broke here.'),
  storage_unavailable: operator('backoff', 'The store cannot be reached.'),
  shutting_down: operator('backoff', 'The server is shutting down.'),
} as const satisfies Record<string, CanonicalError>;

export type CanonicalCode = keyof typeof canonicalErrors;

export const canonicalCodes = Object.keys(canonicalErrors) as readonly CanonicalCode[];

export function isCanonicalCode(value: string): value is CanonicalCode {
  return Object.hasOwn(canonicalErrors, value);
}
