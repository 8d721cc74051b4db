import type { CanonicalCode } from '@genlock/contracts';

/** When a route is left alone. Times are milliseconds. */
export interface CircuitPolicy {
  /** How many of the last outcomes are looked at; at most {@link MAX_WINDOW}. */
  readonly window: number;
  /** With fewer outcomes than these nothing is concluded. */
  readonly minCalls: number;
  /** From 0 to 1: with this share of failures it opens. */
  readonly failureRatio: number;
  /** Outcomes count for nothing when none came after them for so long. */
  readonly forgetMs: number;
  /** How long it opens at first; twice as long each time that it opens again without a success in between. */
  readonly openMs: number;
  readonly maxOpenMs: number;
  /** How long it opens for a fault that only the operator can mend. */
  readonly brokenOpenMs: number;
  /** How long a route rests that refused for its rate and did not say how long. */
  readonly restMs: number;
}

/** Outcomes are kept as the bits of one number. */
export const MAX_WINDOW = 30;

/** What is known of the health of one route. Immutable; {@link report} and {@link enter} make the next one. */
export interface Circuit {
  /** `probing`: it was open, and one call finds out whether it works again. */
  readonly phase: 'closed' | 'open' | 'probing';
  /** The last outcomes, newest in the lowest bit; 1: failed. */
  readonly outcomes: number;
  readonly seen: number;
  readonly lastAt: number;
  /** How often it opened since the last success. */
  readonly trips: number;
  /** Open: when a probe may go out. Probing: until when the probe is waited for. */
  readonly until: number;
  /** Its rate limit: no call before this, in whichever phase. */
  readonly restUntil: number;
  /** Why it opened last. */
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

/** What a call tells of its route. */
export type Sign =
  | { readonly kind: 'succeeded' }
  /** It took a job on: it works again, though nobody knows yet what comes of the job. */
  | { readonly kind: 'accepted' }
  /** A fault of the provider. */
  | { readonly kind: 'failed'; readonly error: CanonicalCode }
  /** Nobody's next call will fare better until the operator mends it: a refused key, an empty account. */
  | { readonly kind: 'broken'; readonly error: CanonicalCode }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs?: number }
  /** Nothing: the caller's fault, or the call was given up. */
  | { readonly kind: 'nothing' };

/** When it may be called: `now` or earlier: at once. Of several that ask at once only the first who enters probes. */
export function readyAt(circuit: Circuit): number {
  return circuit.phase === 'closed' ? circuit.restUntil : Math.max(circuit.until, circuit.restUntil);
}

/**
 * A call is about to be made. When it has been open for long enough, that call is the probe; one that never comes back is waited
 * for as long as the first opening lasts, then the next is let through.
 */
export function enter(
  circuit: Circuit,
  policy: CircuitPolicy,
  now: number,
): { readonly circuit: Circuit; readonly probe: boolean } {
  if (circuit.phase === 'closed' || readyAt(circuit) > now) return { circuit, probe: false };
  return { circuit: { ...circuit, phase: 'probing', until: now + policy.openMs }, probe: true };
}

/** What becomes of it by a sign. `random` is uniform in [0, 1): gateways that opened together do not probe together. */
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

/** The share of failures among the outcomes that count, from 0 to 1. */
export function failureRatio({ outcomes, seen }: Circuit): number {
  return seen === 0 ? 0 : ones(outcomes) / seen;
}

/** A probe of this circuit is out, and this is it. Calls from before it opened tell nothing of how it is now. */
function isAwaited({ phase }: Circuit, probe: boolean): boolean {
  return probe && phase === 'probing';
}

/** The probe told nothing: the next call is one. */
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
