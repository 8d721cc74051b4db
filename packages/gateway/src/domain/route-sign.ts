import type { CanonicalCode } from '@genlock/contracts';
import type { Sign } from './circuit.ts';
import type { GenlockError } from './error.ts';

/** Errors that are the provider's fault, whoever sent the request and whatever it was. */
const PROVIDER_FAULTS: readonly CanonicalCode[] = [
  'upstream_failed',
  'upstream_timeout',
  'upstream_unavailable',
  'upstream_invalid_result',
];

/**
 * What a failed call says about the health of its route. Errors in the caller's request or in the gateway itself say nothing: one caller's
 * input must not take a route away from all others.
 */
export function signOf({ code, detail }: GenlockError): Sign {
  if (detail.routeDown === true || code === 'payment_required') return { kind: 'broken', error: code };
  if (code === 'upstream_rate_limited') {
    const { retryAfterMs } = detail;
    return { kind: 'rate_limited', ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  return PROVIDER_FAULTS.includes(code) ? { kind: 'failed', error: code } : { kind: 'nothing' };
}
