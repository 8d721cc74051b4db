import type { CanonicalCode } from '@genlock/contracts';

/** One try of a generation, as later tries see it. */
export interface AttemptSummary {
  /** Where it went: {@link routeName}. */
  readonly route: string;
  readonly error: CanonicalCode;
  /** It may cost money and nobody knows what became of it: only the same route, which knows the call, may be asked again. */
  readonly open?: boolean;
}

/** A row of the list of routes, in the order of trying. The same route may stand in several rows: each has its own tries. */
export interface RouteRow {
  readonly route: string;
  /** When it may be called, as far as its health tells. */
  readonly readyAt: number;
}

export type RouteChoice =
  | { readonly kind: 'use'; readonly row: number }
  /** All that could be tried rest: one of them until then. */
  | { readonly kind: 'wait'; readonly row: number; readonly until: number }
  /** Every route is spent, or there is none. */
  | { readonly kind: 'none' };

/** Faults of the operator's set-up at one provider: the same route is hopeless, another may do. */
export const ROUTE_FAULTS: readonly CanonicalCode[] = ['model_misconfigured', 'no_route', 'payment_required'];

/**
 * Which route the next attempt takes: the first in order that has tries left and is healthy. Where none is healthy, the one that
 * will be soonest is waited for. Pure, so that the next claim finds the same from the attempts that are stored.
 */
export function chooseRoute(
  rows: readonly RouteRow[],
  history: readonly AttemptSummary[],
  attemptsPerRoute: number,
  now: number,
): RouteChoice {
  const tries = triesByRow(rows, history, attemptsPerRoute);
  const bound = history.find(({ open }) => open === true)?.route;
  const hopeless = history.filter(({ error }) => ROUTE_FAULTS.includes(error)).map(({ route }) => route);
  let soonest: { readonly row: number; readonly until: number } | undefined;
  for (const [row, { route, readyAt }] of rows.entries()) {
    if ((tries[row] ?? 0) >= attemptsPerRoute || hopeless.includes(route)) continue;
    if (bound !== undefined && bound !== route) continue;
    if (readyAt <= now) return { kind: 'use', row };
    if (soonest === undefined || readyAt < soonest.until) soonest = { row, until: readyAt };
  }
  return soonest === undefined ? { kind: 'none' } : { kind: 'wait', ...soonest };
}

/** Attempts fill the rows of their route from the first on. The list may have changed since: what fits no row, counts for none. */
function triesByRow(
  rows: readonly RouteRow[],
  history: readonly AttemptSummary[],
  attemptsPerRoute: number,
): readonly number[] {
  const tries = rows.map(() => 0);
  for (const attempt of history) {
    const row = rows.findIndex(
      ({ route }, index) => route === attempt.route && (tries[index] ?? 0) < attemptsPerRoute,
    );
    if (row >= 0) tries[row] = (tries[row] ?? 0) + 1;
  }
  return tries;
}
