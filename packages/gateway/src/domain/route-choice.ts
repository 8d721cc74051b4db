import type { CanonicalCode } from '@genlock/contracts';

/** What later decisions need to know of one attempt. */
export interface AttemptSummary {
  /** Where it was sent: {@link routeName}. */
  readonly route: string;
  readonly error: CanonicalCode;
  /** The call may cost money and its fate is unknown. Only the same route may be asked again, since only it knows the call. */
  readonly open?: boolean;
  /** The orderly end of its process broke it off, so it does not count as an attempt. */
  readonly brokenOff?: boolean;
}

/** A row of the list of routes, in the order of trying. A route may stand in several rows; each row has its own number of tries. */
export interface RouteRow {
  readonly route: string;
  /** The earliest time at which its health allows a call. */
  readonly readyAt: number;
}

export type RouteChoice =
  | { readonly kind: 'use'; readonly row: number }
  /** All rows with tries left are resting: wait for this one until then. */
  | { readonly kind: 'wait'; readonly row: number; readonly until: number }
  /** No route has tries left, or there is none. */
  | { readonly kind: 'none' };

/** Faults in the operator's set-up at one provider: trying the same route again is useless, but another may work. */
export const ROUTE_FAULTS: readonly CanonicalCode[] = ['model_misconfigured', 'no_route', 'payment_required'];

/**
 * Chooses the route of the next attempt: the first in order that has tries left and is healthy. If none is healthy, the one that will be
 * healthy soonest is waited for. Pure, so that the next claim makes the same choice from the stored attempts.
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

/** Attempts that count against the limits. One that was broken off says nothing about its route. */
export function counted(history: readonly AttemptSummary[]): readonly AttemptSummary[] {
  return history.filter(({ brokenOff }) => brokenOff !== true);
}

/**
 * Counts attempts against the rows of their route, filling the first row first. The list may have changed since; attempts that fit no row
 * are not counted.
 */
function triesByRow(
  rows: readonly RouteRow[],
  history: readonly AttemptSummary[],
  attemptsPerRoute: number,
): readonly number[] {
  const tries = rows.map(() => 0);
  for (const attempt of counted(history)) {
    const row = rows.findIndex(
      ({ route }, index) => route === attempt.route && (tries[index] ?? 0) < attemptsPerRoute,
    );
    if (row >= 0) tries[row] = (tries[row] ?? 0) + 1;
  }
  return tries;
}
