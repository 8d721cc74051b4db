import type { FastifyInstance } from 'fastify';
import type { Core } from '../gateway/core.ts';
import { Exchange } from './exchange.ts';
import { RouteMeter } from './route-meter.ts';

/**
 * Counts and logs every call of the app. Must be called before routes are defined.
 *
 * @param dialectOf the dialect that serves a path, if there is one
 */
export function observeCalls(
  app: FastifyInstance,
  { log, metrics, traces }: Core,
  dialectOf: (url: string) => string | undefined,
): void {
  const unrouted = new Map<string, RouteMeter>();
  const placeOf = (url: string): string => dialectOf(url) ?? OURS.exec(url)?.[1] ?? 'none';
  const meterOf = (url: string): RouteMeter => {
    const place = placeOf(url);
    const known = unrouted.get(place);
    if (known !== undefined) return known;
    const meter = new RouteMeter(metrics, place, undefined);
    unrouted.set(place, meter);
    return meter;
  };

  app.addHook('onRoute', (route) => {
    const { url } = route;
    const meter = new RouteMeter(metrics, placeOf(url), url);
    route.config = { ...route.config, meter };
  });
  app.decorateRequest('exchange', null);
  app.addHook('onRequest', (request, reply, done) => {
    request.exchange = new Exchange({ log, metrics, traces, meterOf }, request, reply);
    done();
  });
}

/** Paths that are counted under a name of ours because no dialect serves them. */
const OURS = /^\/(admin|docs)(?:\/|\?|$)/;
