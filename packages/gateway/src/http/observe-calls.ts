import type { FastifyInstance } from 'fastify';
import type { Core } from '../gateway/core.ts';
import { Exchange } from './exchange.ts';
import { RouteMeter } from './route-meter.ts';

/**
 * Has every call of the app counted and logged. To be called before routes are defined.
 *
 * @param dialectOf the dialect that serves a path, if one does
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

/** What is counted in place of a dialect where none serves. */
const OURS = /^\/(admin|docs)(?:\/|\?|$)/;
