import type { CanonicalCode } from '@genlock/contracts';

/** When a circuit opens, that is, when its route gets no calls for a while. Times are in milliseconds. */
export interface CircuitPolicy {
  /** How many of the latest outcomes are counted; at most {@link MAX_WINDOW}. */
  readonly window: number;
  /** The circuit does not open on fewer outcomes than this. */
  readonly minCalls: number;
  /** The share of failures, from 0 to 1, at which the circuit opens. */
  readonly failureRatio: number;
  /** Outcomes are forgotten when no new one arrives for this long. */
  readonly forgetMs: number;
  /** How long the first opening lasts. Each further opening without a success in between lasts twice as long, up to `maxOpenMs`. */
  readonly openMs: number;
  readonly maxOpenMs: number;
  /** How long the circuit opens for a fault that only the operator can fix. */
  readonly brokenOpenMs: number;
  /** How long a route rests after it refused a call for its rate limit without saying how long to wait. */
  readonly restMs: number;
}

/** The outcomes are kept as the bits of one number, hence this limit. */
export const MAX_WINDOW = 30;

/** The known health of one route. Immutable: {@link report} and {@link enter} return the next state. */
export interface Circuit {
  /** `probing`: it was open, and one call is now finding out whether the route works again. */
  readonly phase: 'closed' | 'open' | 'probing';
  /** The latest outcomes, one bit each (1: failed), the newest in the lowest bit. */
  readonly outcomes: number;
  readonly seen: number;
  readonly lastAt: number;
  /** How often it has opened since the last success. */
  readonly trips: number;
  /** While open: when a probe may be sent. While probing: how long to wait for the probe's outcome. */
  readonly until: number;
  /** The provider's rate limit: no call before this time, in any phase. */
  readonly restUntil: number;
  /** Why it last opened. */
  readonly cause: CanonicalCode | null;
}

export const HEALTHY: Circuit = {
  phase: 'closed',
  outcomes: 0,
  seen: 0,
  lastAt: 0,
  trips: 0,
  until: 0,
  restUntil: 0,
  cause: null,
};

/** What one call says about the health of its route. */
export type Sign =
  | { readonly kind: 'succeeded' }
  /** The provider accepted a job. So the route works again, although the outcome of the job is still open. */
  | { readonly kind: 'accepted' }
  /** The provider is at fault. */
  | { readonly kind: 'failed'; readonly error: CanonicalCode }
  /** No call can succeed until the operator fixes something, such as a refused key or an empty account. */
  | { readonly kind: 'broken'; readonly error: CanonicalCode }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs?: number }
  /** Says nothing: the caller was at fault, or the call was given up. */
  | { readonly kind: 'nothing' };

/**
 * The earliest time at which the route may be called; if that is not after `now`, at once. If several calls ask at the same time, only the
 * first to {@link enter} becomes the probe.
 */
export function readyAt(circuit: Circuit): number {
  return circuit.phase === 'closed' ? circuit.restUntil : Math.max(circuit.until, circuit.restUntil);
}

/**
 * Call this just before a call is made. If the circuit has been open for long enough, this call becomes the probe. A probe that never
 * reports is awaited for `openMs`; then the next call is let through as a probe.
 */
export function enter(
  circuit: Circuit,
  policy: CircuitPolicy,
  now: number,
): { readonly circuit: Circuit; readonly probe: boolean } {
  if (circuit.phase === 'closed' || readyAt(circuit) > now) return { circuit, probe: false };
  return { circuit: { ...circuit, phase: 'probing', until: now + policy.openMs }, probe: true };
}

/**
 * The state after a sign. `random` is uniform in [0, 1); it spreads the openings, so that gateways that opened together do not probe
 * together.
 */
export function report(
  circuit: Circuit,
  sign: Sign,
  probe: boolean,
  policy: CircuitPolicy,
  now: number,
  random: number,
): Circuit {
  switch (sign.kind) {
    case 'broken':
      return open(circuit, sign.error, policy.brokenOpenMs, circuit.trips, now, random);
    case 'rate_limited': {
      const restUntil = Math.max(circuit.restUntil, now + (sign.retryAfterMs ?? policy.restMs));
      return { ...undecided(circuit, probe, now), restUntil };
    }
    case 'nothing':
      return undecided(circuit, probe, now);
    case 'accepted':
      return isAwaited(circuit, probe) ? { ...HEALTHY, trips: circuit.trips, cause: circuit.cause } : circuit;
    case 'succeeded':
      if (isAwaited(circuit, probe)) return HEALTHY;
      return circuit.phase === 'closed' ? { ...noted(circuit, 0, policy, now), trips: 0 } : circuit;
    case 'failed':
      if (isAwaited(circuit, probe)) return trip(circuit, sign.error, policy, now, random);
      if (circuit.phase !== 'closed') return circuit;
      return tripIfDue(noted(circuit, 1, policy, now), sign.error, policy, now, random);
  }
}

/** The share of failures among the counted outcomes, from 0 to 1. */
export function failureRatio({ outcomes, seen }: Circuit): number {
  return seen === 0 ? 0 : ones(outcomes) / seen;
}

/**
 * Whether this call is the probe that the circuit is waiting for. Calls made before the circuit opened say nothing about its present
 * health.
 */
function isAwaited({ phase }: Circuit, probe: boolean): boolean {
  return probe && phase === 'probing';
}

/** After a probe that said nothing, the next call becomes the probe. */
function undecided(circuit: Circuit, probe: boolean, now: number): Circuit {
  return isAwaited(circuit, probe) ? { ...circuit, phase: 'open', until: now } : circuit;
}

function noted(circuit: Circuit, failed: 0 | 1, policy: CircuitPolicy, now: number): Circuit {
  const { outcomes, seen } = now - circuit.lastAt > policy.forgetMs ? HEALTHY : circuit;
  const window = Math.min(policy.window, MAX_WINDOW);
  return {
    ...circuit,
    outcomes: ((outcomes << 1) | failed) & (2 ** window - 1),
    seen: Math.min(seen + 1, window),
    lastAt: now,
  };
}

function tripIfDue(
  circuit: Circuit,
  error: CanonicalCode,
  policy: CircuitPolicy,
  now: number,
  random: number,
): Circuit {
  const enough = circuit.seen >= Math.min(policy.minCalls, policy.window);
  return enough && failureRatio(circuit) >= policy.failureRatio
    ? trip(circuit, error, policy, now, random)
    : circuit;
}

function trip(
  circuit: Circuit,
  error: CanonicalCode,
  policy: CircuitPolicy,
  now: number,
  random: number,
): Circuit {
  const ms = Math.min(policy.maxOpenMs, policy.openMs * 2 ** circuit.trips);
  return open(circuit, error, ms, circuit.trips + 1, now, random);
}

function open(
  { restUntil }: Circuit,
  cause: CanonicalCode,
  ms: number,
  trips: number,
  now: number,
  random: number,
): Circuit {
  const until = now + Math.round(ms * (0.5 + random / 2));
  return { ...HEALTHY, phase: 'open', until, restUntil, trips, cause };
}

function ones(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}
