import type { SkytellsPlace } from '@genlock/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Json } from '../../domain/json.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the error renderer has to know of a request. */
    skytells: Telling | null;
  }
  interface FastifyContextConfig {
    skytellsPlace?: SkytellsPlace;
  }
}

export interface Telling {
  place: SkytellsPlace;
  /** `error.details`, where there is more to tell than the message. */
  details?: Json;
}

const INFERENCE = /^\/skytells\/v1\/(?:chat|responses|embeddings)(?:[/?]|$)/;
const PREDICTION = /^\/skytells\/v1\/predictions\/[^/?]+(?:\/stream)?(?:\?|$)/;

/** The place that a URL looks like which no route took: its id may be too long to be routed, or not to be decoded. */
export function placeOf(url: string): SkytellsPlace {
  if (INFERENCE.test(url)) return 'inference';
  return PREDICTION.test(url) ? 'prediction' : 'elsewhere';
}

/** Gives every request its place: that of its route, or, where there is none, the one that its path looks like. */
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
