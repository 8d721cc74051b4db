import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../domain/error.ts';

/** The error for a call that no route takes. Sets `Allow` if the answer is 405. */
export type Unrouted = (request: FastifyRequest, reply: FastifyReply) => GenlockError;

interface Path {
  readonly form: RegExp;
  readonly methods: Set<string>;
}

/**
 * Distinguishes a method that a known path does not take (whichever it is, e.g. `TRACE`, `PROPFIND`) from an unknown path: 405 with `Allow`
 * (RFC 9110, 15.5.6), else 404. Must be called before the routes of the scope are defined.
 */
export function watchRoutes(scope: FastifyInstance): Unrouted {
  const paths = new Map<string, Path>();
  scope.addHook('onRoute', ({ url, method }) => {
    const path = paths.get(url) ?? { form: formOf(url), methods: new Set() };
    for (const one of [method].flat()) path.methods.add(one);
    paths.set(url, path);
  });
  return (request, reply) => {
    const url = pathOf(request.url);
    const allow = new Set(
      [...paths.values()].flatMap(({ form, methods }) => (form.test(url) ? [...methods] : [])),
    );
    // A route may refuse one of its own calls as not found, e.g. for an id that is too long.
    if (allow.size === 0 || allow.has(request.method)) return new GenlockError('route_not_found');
    reply.header('allow', [...allow].join(', '));
    return new GenlockError('method_not_allowed');
  };
}

/** Turns a pattern such as `/v1/predictions/:id/cancel` or `/v1/models/*` into a regular expression. */
function formOf(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

/** Decoded as the router does it: an encoded slash does not separate parts of the path. */
function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
