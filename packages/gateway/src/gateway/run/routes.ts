import { isResolved } from '../../domain/call-key.ts';
import type { Attempt, Kind } from '../../domain/generation.ts';
import type { ProviderTraits } from '../../domain/retry-decision.ts';
import type { AttemptSummary, RouteRow } from '../../domain/route-choice.ts';
import { routeName } from '../../domain/route-order.ts';
import type { Route } from '../../store/port.ts';
import type { Core } from '../core.ts';

const UNSAFE: ProviderTraits = { safeToResend: false };

/** What a provider that is not there any more could do is not known. */
export function traitsOf(core: Core, provider: string, kind: Kind): ProviderTraits {
  const capabilities = core.providers.get(provider)?.capabilities;
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
export function historyOf(core: Core, attempts: readonly Attempt[]): AttemptSummary[] {
  const isFree = (provider: string): boolean => core.providers.get(provider)?.capabilities.free === true;
  return attempts.map((attempt) => ({
    route: routeName(attempt),
    error: attempt.error?.code ?? 'upstream_failed',
    open:
      attempt.outcome === 'outcome_unknown' && !isFree(attempt.provider) && !isResolved(attempt, attempts),
  }));
}
