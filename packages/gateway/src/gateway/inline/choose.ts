import { GenlockError } from '../../domain/error.ts';
import { type AttemptSummary, chooseRoute } from '../../domain/route-choice.ts';
import type { Route } from '../../store/port.ts';
import type { Core } from '../core.ts';
import type { Trial } from '../routes/route-board.ts';
import { rowsOf } from '../run/routes.ts';

/** Each row of the routes is tried only once: a caller that waits can try again itself, and this way it learns of a failure sooner. */
export const TRIES_PER_ROW = 1;

/** The route that a call takes, and the trial that reports the call to the route's health. */
export interface Taken {
  readonly route: Route;
  readonly trial: Trial;
}

/**
 * Takes the next route for a caller that waits. A route that must be left alone is skipped, not waited for.
 *
 * @throws GenlockError `no_route` (there is none, or all were tried), `upstream_unavailable` with the time until one may be called again
 */
export function takeRoute(
  core: Core,
  routes: readonly Route[],
  history: readonly AttemptSummary[] = [],
): Taken {
  const route = routes[choose(core, routes, history)];
  if (route === undefined) throw new GenlockError('no_route');
  return { route, trial: core.routeBoard.begin(route) };
}

/** The error that {@link takeRoute} would throw, without taking a route. */
export function routeObjection(core: Core, routes: readonly Route[]): GenlockError | undefined {
  try {
    choose(core, routes, []);
    return undefined;
  } catch (error) {
    return GenlockError.from(error);
  }
}

function choose(core: Core, routes: readonly Route[], history: readonly AttemptSummary[]): number {
  const now = core.now();
  const choice = chooseRoute(rowsOf(core, routes, now), history, TRIES_PER_ROW, now);
  if (choice.kind === 'none') throw new GenlockError('no_route');
  if (choice.kind === 'wait')
    throw new GenlockError('upstream_unavailable', undefined, { retryAfterMs: choice.until - now });
  return choice.row;
}
