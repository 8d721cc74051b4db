import { type GenerationError, parseErrorBody, parseFailure } from '@genlock/client';
import type { CanonicalCode } from '@genlock/contracts';
import { type ErrorDetail, GenlockError } from '../../domain/error.ts';
import { pointsToResult, type UpstreamAnswer } from '../upstream/failure.ts';

interface Meaning extends Pick<ErrorDetail, 'routeDown' | 'accepted'> {
  readonly is: CanonicalCode;
}

/** Our key, account or address is wrong: every call fails until the operator fixes it. */
const OURS: Meaning = { is: 'model_misconfigured', routeDown: true };
/** The upstream does not accept our order; another route may. */
const OUR_ORDER: Meaning = { is: 'model_misconfigured' };
const AWAY: Meaning = { is: 'upstream_unavailable' };
const BROKE: Meaning = { is: 'upstream_failed' };
const TOO_MANY: Meaning = { is: 'upstream_rate_limited' };
const same = (is: CanonicalCode): Meaning => ({ is });

/**
 * The meaning, on this side, of an error of an upstream that speaks one of our contracts. There the operator is the caller, so what that
 * caller has to fix, the operator has to fix here. Only what the customer wrote or uploaded remains the customer's to fix.
 */
const MEANINGS: Readonly<Record<CanonicalCode, Meaning>> = {
  unauthenticated: OURS,
  account_disabled: OURS,
  origin_not_allowed: OURS,
  ip_not_allowed: OURS,
  forbidden: OURS,
  insufficient_credits: OURS,
  payment_required: OURS,
  route_not_found: OURS,
  method_not_allowed: OURS,
  not_found: OURS,
  model_not_found: OURS,
  model_inactive: OURS,
  model_not_billable: OURS,
  access_denied: OUR_ORDER,
  malformed_request: OUR_ORDER,
  parameter_missing: OUR_ORDER,
  invalid_parameter: OUR_ORDER,
  parameter_conflict: OUR_ORDER,
  parameter_not_allowed: OUR_ORDER,
  source_media_required: OUR_ORDER,
  model_unsupported: OUR_ORDER,
  model_misconfigured: OUR_ORDER,
  unknown_pack: OUR_ORDER,
  content_rejected: same('content_rejected'),
  invalid_media: same('invalid_media'),
  media_too_large: same('media_too_large'),
  media_unreadable: same('media_unreadable'),
  media_too_short: same('media_too_short'),
  rate_limited: TOO_MANY,
  concurrency_limited: TOO_MANY,
  queue_full: TOO_MANY,
  upstream_rate_limited: TOO_MANY,
  model_paused: AWAY,
  no_route: AWAY,
  limiter_unavailable: AWAY,
  storage_unavailable: AWAY,
  shutting_down: AWAY,
  upstream_unavailable: AWAY,
  charge_failed: BROKE,
  internal_error: BROKE,
  invalid_state: BROKE,
  upstream_failed: BROKE,
  upstream_timeout: same('upstream_timeout'),
  upstream_invalid_result: same('upstream_invalid_result'),
  // Our key was used there for another order, or for a text that is not sent twice.
  idempotency_conflict: { is: 'outcome_unknown', accepted: 'yes' },
  // The upstream does not know either, and will not make the work again.
  outcome_unknown: { is: 'outcome_unknown', accepted: 'yes' },
};

/** The error of an answer that is not a success. `paid`: it is the answer to an order. */
export function faultOf(dialect: Dialects, answer: UpstreamAnswer, paid: boolean): GenlockError {
  const body = Buffer.from(answer.body).toString();
  const { status, headers } = answer;
  const error = parseErrorBody(dialect, { status, headers, body });
  // A redirect or an unexpected success: whoever answered does not speak the contract.
  if (status < 400) {
    const accepted = paid && pointsToResult(status) ? 'maybe' : 'no';
    return new GenlockError('model_misconfigured', undefined, { ...OURS, accepted, raw: rawOf(error) });
  }
  return meaning(error, error.mayHaveBeenCharged && paid ? 'maybe' : 'no', `HTTP ${status} ${body}`);
}

/** The error of a failed job; undefined if it contains no failure. */
export function failureIn(dialect: Dialects, job: unknown): GenlockError | undefined {
  const error = parseFailure(dialect, job);
  return error && meaning(error, error.mayHaveBeenCharged ? 'yes' : 'no', rawOf(error));
}

/** The error of a job that ended without result or failure, e.g. because it was canceled at the upstream. */
export function ended(raw: string, accepted: 'yes' | 'no' = 'no'): GenlockError {
  return new GenlockError('upstream_failed', undefined, { raw, accepted });
}

type Dialects = Parameters<typeof parseErrorBody>[0] & string;

function meaning(error: GenerationError, accepted: 'no' | 'maybe' | 'yes', raw: string): GenlockError {
  const { is, ...detail } = MEANINGS[error.code];
  return new GenlockError(is, undefined, {
    accepted,
    ...detail,
    raw,
    cause: error,
    ...(error.retryAfterMs !== null && { retryAfterMs: error.retryAfterMs }),
  });
}

function rawOf({ raw }: GenerationError): string {
  return typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? 'nothing');
}
