import { routeName } from '../../domain/route-order.ts';
import type { Core } from '../core.ts';

/** The most that are logged at once; nobody fixes more at a time. */
const MOST = 20;

/** Warns of routes to providers that do not exist, e.g. because a provider was removed that a change by the admin API still names. */
export function warnLostRoutes({ log, models, providers }: Pick<Core, 'log' | 'models' | 'providers'>): void {
  const lost = models
    .list()
    .flatMap(({ dialect, id, routes }) =>
      routes
        .filter(({ provider }) => !providers.has(provider))
        .map((route) => `${dialect}/${id}: ${routeName(route)}`),
    );
  if (lost.length > 0)
    log.warn(
      { routes: lost.slice(0, MOST), count: lost.length },
      'routes lead to providers that are not there',
    );
}
