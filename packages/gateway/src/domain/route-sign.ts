import type { CanonicalCode } from '@genlock/contracts';
import type { Sign } from './circuit.ts';
import type { GenlockError } from './error.ts';

/** Where the provider is at fault, whoever asked and whatever for. */
const PROVIDER_FAULTS: readonly CanonicalCode[] = [
  'upstream_failed',
  'upstream_timeout',
  'upstream_unavailable',
  'upstream_invalid_result',
];

/**
 * What a failed call tells of the health of its route. What the caller wrote, or what broke here, tells nothing: one caller's
 * input must not take a route from all others.
 */
export function signOf({ code, detail }: GenlockError): Sign {
  if (detail.routeDown === true || code === 'payment_required') return { kind: 'broken', error: code };
  if (code === 'upstream_rate_limited') {
    const { retryAfterMs } = detail;
    return { kind: 'rate_limited', ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  return PROVIDER_FAULTS.includes(code) ? { kind: 'failed', error: code } : { kind: 'nothing' };
}
