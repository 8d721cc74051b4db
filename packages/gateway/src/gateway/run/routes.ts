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

/** How the provider of an attempt is to be treated. What one could do that was gone before this process began is not known. */
export function traitsOf({ providers }: Core, made: Made, kind: Kind): ProviderTraits {
  const capabilities = providers.capabilitiesAt(made);
  if (capabilities === undefined) return UNSAFE;
  const { safeToResend } = capabilities;
  return {
    ...capabilities,
    safeToResend: typeof safeToResend === 'boolean' ? safeToResend : safeToResend.includes(kind),
  };
}

/** The routes with their health as it is now. */
export function rowsOf({ routeBoard }: Core, routes: readonly Route[], now: number): readonly RouteRow[] {
  return routes.map((route) => ({ route: routeName(route), readyAt: now + routeBoard.waitMs(route) }));
}

/** The attempts that ended, as decisions look at them. */
export function historyOf({ providers }: Core, attempts: readonly Attempt[]): AttemptSummary[] {
  return attempts.map((attempt) => ({
    route: routeThen(providers, attempt),
    error: attempt.error?.code ?? 'upstream_failed',
    open:
      attempt.outcome === 'outcome_unknown' &&
      providers.capabilitiesAt(attempt)?.free !== true &&
      !isResolved(attempt, attempts),
  }));
}

/**
 * The route that an attempt took, under a name that no route has now where its provider has changed since: the new one knows nothing of
 * the call, and what the old one did is not held against it.
 */
export function routeThen(providers: ProviderSet, made: Made & RouteName): string {
  return providers.knows(made) ? routeName(made) : `before ${made.startedAt} ${routeName(made)}`;
}
