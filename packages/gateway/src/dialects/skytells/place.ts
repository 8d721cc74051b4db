import type { SkytellsPlace } from '@genlock/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Json } from '../../domain/json.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the error renderer needs to know of a request. */
    skytells: Telling | null;
  }
  interface FastifyContextConfig {
    skytellsPlace?: SkytellsPlace;
  }
}

export interface Telling {
  place: SkytellsPlace;
  /** `error.details`, if there is more to say than the message. */
  details?: Json;
}

const INFERENCE = /^\/skytells\/v1\/(?:chat|responses|embeddings)(?:[/?]|$)/;
const PREDICTION = /^\/skytells\/v1\/predictions\/[^/?]+(?:\/stream)?(?:\?|$)/;

/** The place that the URL of an unrouted request resembles: its id may be too long, or impossible to decode. */
export function placeOf(url: string): SkytellsPlace {
  if (INFERENCE.test(url)) return 'inference';
  return PREDICTION.test(url) ? 'prediction' : 'elsewhere';
}

/** Gives every request its place: that of its route, or, without a route, the one that its path resembles. */
export function decoratePlace(scope: FastifyInstance): void {
  scope.decorateRequest('skytells', null);
  scope.addHook('onRequest', (request, _reply, done) => {
    const known = request.routeOptions.config.skytellsPlace;
    request.skytells = { place: known ?? placeOf(request.url) };
    done();
  });
}

export function moveTo(request: FastifyRequest, place: SkytellsPlace): void {
  request.skytells = { ...request.skytells, place };
}

export function tellDetails(request: FastifyRequest, details: Json): void {
  request.skytells = { place: request.skytells?.place ?? 'elsewhere', details };
}
