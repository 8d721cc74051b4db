import { isBrokenOff } from '../../domain/broken-off.ts';
import { isResolved } from '../../domain/call-key.ts';
import type { Attempt } from '../../domain/generation.ts';
import type { Kind } from '../../domain/request.ts';
import type { ProviderTraits } from '../../domain/retry-decision.ts';
import type { AttemptSummary, RouteRow } from '../../domain/route-choice.ts';
import { type RouteName, routeName } from '../../domain/route-order.ts';
import type { Route } from '../../store/port.ts';
import type { Core } from '../core.ts';
import type { Made, ProviderSet } from '../routes/provider-set.ts';

const UNSAFE: ProviderTraits = { safeToResend: false };

/** How the provider of an attempt is to be treated. Unknown for a provider that was removed before this process started. */
export function traitsOf({ providers }: Core, made: Made, kind: Kind): ProviderTraits {
  const capabilities = providers.capabilitiesAt(made);
  if (capabilities === undefined) return UNSAFE;
  const { safeToResend } = capabilities;
  return {
    ...capabilities,
    safeToResend: typeof safeToResend === 'boolean' ? safeToResend : safeToResend.includes(kind),
  };
}

/** The routes with their present health. */
export function rowsOf({ routeBoard }: Core, routes: readonly Route[], now: number): readonly RouteRow[] {
  return routes.map((route) => ({ route: routeName(route), readyAt: now + routeBoard.waitMs(route) }));
}

/** The ended attempts in the form that decisions take. */
export function historyOf({ providers }: Core, attempts: readonly Attempt[]): AttemptSummary[] {
  return attempts.map((attempt) => ({
    route: routeThen(providers, attempt),
    error: attempt.error?.code ?? 'upstream_failed',
    open:
      attempt.outcome === 'outcome_unknown' &&
      providers.capabilitiesAt(attempt)?.free !== true &&
      !isResolved(attempt, attempts),
    brokenOff: isBrokenOff(attempt),
  }));
}

/**
 * The name of the route that an attempt took. If the name of its provider leads elsewhere since, it is a name that no present route has:
 * the new provider does not know the call, and failures of the old one do not count against it.
 */
export function routeThen(providers: ProviderSet, made: Made & RouteName): string {
  return providers.knows(made) ? routeName(made) : `before ${made.startedAt} ${routeName(made)}`;
}
