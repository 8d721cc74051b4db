import { type GenerationError, parseErrorBody, parseFailure } from '@genlock/client';
import type { CanonicalCode } from '@genlock/contracts';
import { type ErrorDetail, GenlockError } from '../../domain/error.ts';
import { pointsToResult, type UpstreamAnswer } from '../upstream/failure.ts';

interface Meaning extends Pick<ErrorDetail, 'routeDown' | 'accepted'> {
  readonly is: CanonicalCode;
}

/** Our key, our bill, our address: whatever is sent there fails until the operator mends it. */
const OURS: Meaning = { is: 'model_misconfigured', routeDown: true };
/** It does not take what we ordered; another route may. */
const OUR_ORDER: Meaning = { is: 'model_misconfigured' };
const AWAY: Meaning = { is: 'upstream_unavailable' };
const BROKE: Meaning = { is: 'upstream_failed' };
const TOO_MANY: Meaning = { is: 'upstream_rate_limited' };
const same = (is: CanonicalCode): Meaning => ({ is });

/**
 * What an error of an upstream that speaks a contract means on this side of it. There the operator is the caller: what a caller has to
 * mend there, the operator has to mend here. Only what people wrote and brought is still theirs.
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
  // Something was ordered under our key that said something else; or it is told to nobody twice.
  idempotency_conflict: { is: 'outcome_unknown', accepted: 'yes' },
  // Nobody there can tell either, and there it is not made again.
  outcome_unknown: { is: 'outcome_unknown', accepted: 'yes' },
};

/** What an answer that is no success means. `paid`: it answers an order. */
export function faultOf(dialect: Dialects, answer: UpstreamAnswer, paid: boolean): GenlockError {
  const body = Buffer.from(answer.body).toString();
  const { status, headers } = answer;
  const error = parseErrorBody(dialect, { status, headers, body });
  // A redirect, or a success that is none: whoever answered did not speak the contract.
  if (status < 400) {
    const accepted = paid && pointsToResult(status) ? 'maybe' : 'no';
    return new GenlockError('model_misconfigured', undefined, { ...OURS, accepted, raw: rawOf(error) });
  }
  return meaning(error, error.mayHaveBeenCharged && paid ? 'maybe' : 'no', `HTTP ${status} ${body}`);
}

/** What the end of a job that failed means; undefined for one that tells no failure. */
export function failureIn(dialect: Dialects, job: unknown): GenlockError | undefined {
  const error = parseFailure(dialect, job);
  return error && meaning(error, error.mayHaveBeenCharged ? 'yes' : 'no', rawOf(error));
}

/** One that ended without result or failure, such as by a cancellation there. */
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
