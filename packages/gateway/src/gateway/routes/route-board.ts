import type { CanonicalCode } from '@genlock/contracts';
import {
  type Circuit,
  type CircuitPolicy,
  enter,
  failureRatio,
  HEALTHY,
  readyAt,
  report,
  type Sign,
} from '../../domain/circuit.ts';
import type { GenlockError } from '../../domain/error.ts';
import { type RouteName, routeName } from '../../domain/route-order.ts';
import { signOf } from '../../domain/route-sign.ts';
import type { Log } from '../../telemetry/log.ts';

/** The health of one route. Times are milliseconds from now; null: does not apply. */
export interface RouteHealth extends RouteName {
  /** `half_open`: it was open for long enough, and a single call finds out, or will find out, whether it works. */
  readonly state: 'closed' | 'open' | 'half_open';
  /** The share of failures among the last `calls` outcomes, from 0 to 1. */
  readonly failureRatio: number;
  readonly calls: number;
  readonly openForMs: number | null;
  /** How long it is still left alone because it refused a call for its rate limit. */
  readonly restForMs: number | null;
  /** Why it opened; null while it is closed. */
  readonly cause: CanonicalCode | null;
  readonly inFlight: number;
}

/** One call to a route, from the choice of the route to the end of the call. Only the first end counts. */
export interface Trial {
  /** The provider accepted a job. */
  accepted(): void;
  succeeded(): void;
  failed(error: GenlockError): void;
  /** The call was given up, or never made. */
  left(): void;
}

/** The health of all routes, as far as this process has seen it. */
export interface RouteBoard {
  /** How long the route must be left alone, in milliseconds; 0: it may be called at once. */
  waitMs(route: RouteName): number;
  /** To be called just before a call. `resumed`: the call was made earlier, and its job is now followed here. */
  begin(route: RouteName, how?: 'resumed'): Trial;
  list(): readonly RouteHealth[];
  /** Forgets all failures of the route. */
  reset(route: RouteName): void;
  /**
   * To be called when the name leads to another provider: the health of the old routes, and the end of calls under way, say nothing about
   * the new ones.
   */
  forget(provider: string): void;
}

export interface RouteBoardParts {
  readonly policy: () => CircuitPolicy;
  /** Whether this provider's failures are rehearsed and so do not count. */
  readonly isRehearsal: (provider: string) => boolean;
  /** Milliseconds of a monotonic clock: if the clock could be set back, a route might stay open for too long. */
  readonly now: () => number;
  readonly random: () => number;
  readonly log: Log;
}

interface Entry {
  readonly route: RouteName;
  circuit: Circuit;
  inFlight: number;
}

/** Keeps the health of routes in memory. After a restart, and in another process, a few calls are enough to find it out again. */
export function createRouteBoard(parts: RouteBoardParts): RouteBoard {
  const { policy, isRehearsal, now, random, log } = parts;
  const entries = new Map<string, Entry>();

  const entryOf = (route: RouteName): Entry => {
    const name = routeName(route);
    const known = entries.get(name);
    if (known !== undefined) return known;
    const { provider, model } = route;
    const entry = { route: { provider, model }, circuit: HEALTHY, inFlight: 0 };
    entries.set(name, entry);
    return entry;
  };

  const isForgotten = (entry: Entry): boolean => entries.get(routeName(entry.route)) !== entry;

  const note = (entry: Entry, sign: Sign, probe: boolean): void => {
    if (isRehearsal(entry.route.provider)) return;
    const before = entry.circuit;
    const after = report(before, sign, probe, policy(), now(), random());
    entry.circuit = after;
    if (before.phase === after.phase || isForgotten(entry)) return;
    const fields = { ...entry.route, cause: after.cause };
    if (after.phase === 'open')
      log.warn({ ...fields, forMs: readyAt(after) - now() }, 'route opened: it is left alone for a while');
    if (after.phase === 'closed') log.info(fields, 'route closed: it works again');
  };

  return {
    waitMs(route) {
      const entry = entries.get(routeName(route));
      return entry === undefined ? 0 : Math.max(0, Math.ceil(readyAt(entry.circuit) - now()));
    },

    begin(route, how) {
      const entry = entryOf(route);
      let probe = false;
      if (how !== 'resumed') {
        const entered = enter(entry.circuit, policy(), now());
        ({ probe } = entered);
        entry.circuit = entered.circuit;
      }
      entry.inFlight += 1;
      let ended = false;
      const end = (sign: Sign): void => {
        if (ended) return;
        ended = true;
        entry.inFlight -= 1;
        note(entry, sign, probe);
        // Forget routes without anything to remember: those of models that customers made would otherwise accumulate for ever.
        if (entry.inFlight === 0 && entry.circuit === HEALTHY && !isForgotten(entry))
          entries.delete(routeName(entry.route));
      };
      return {
        accepted: () => {
          if (!ended) note(entry, { kind: 'accepted' }, probe);
        },
        succeeded: () => end({ kind: 'succeeded' }),
        failed: (error) => end(signOf(error)),
        left: () => end({ kind: 'nothing' }),
      };
    },

    list: () => [...entries.values()].map((entry) => healthOf(entry, now())),

    reset(route) {
      const entry = entries.get(routeName(route));
      if (entry === undefined) return;
      entry.circuit = HEALTHY;
      if (entry.inFlight === 0) entries.delete(routeName(route));
    },

    forget(provider) {
      for (const [name, { route }] of entries) if (route.provider === provider) entries.delete(name);
    },
  };
}

function healthOf({ route, circuit, inFlight }: Entry, now: number): RouteHealth {
  const { phase, until, restUntil, cause, seen } = circuit;
  const open = phase === 'open' && until > now;
  return {
    ...route,
    state: open ? 'open' : phase === 'closed' ? 'closed' : 'half_open',
    failureRatio: failureRatio(circuit),
    calls: seen,
    openForMs: open ? Math.ceil(until - now) : null,
    restForMs: restUntil > now ? Math.ceil(restUntil - now) : null,
    cause: phase === 'closed' ? null : cause,
    inFlight,
  };
}
