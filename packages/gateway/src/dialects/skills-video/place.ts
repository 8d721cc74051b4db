import type { SkillsVideoPlace } from '@genlock/contracts';
import type { FastifyRequest } from 'fastify';
import { familyOf } from './models.ts';

/** The patterns of routes that generate, so that the place of an error is known before anything was read. */
export const CREATE = '/generation/*';
export const STREAM = '/generation/sse/*';
export const SPEAK = '/ai/tts/generate';

/** The path after the route's prefix: provider and model. */
export function modelPath(request: FastifyRequest): string {
  return (request.params as { readonly '*'?: string })['*'] ?? '';
}

export function placeOf(request: FastifyRequest): SkillsVideoPlace {
  const route = request.is404 ? '' : (request.routeOptions.url ?? '');
  if (route.endsWith(SPEAK)) return 'TTS';
  return route.endsWith(CREATE) || route.endsWith(STREAM) ? familyOf(modelPath(request)) : 'elsewhere';
}
