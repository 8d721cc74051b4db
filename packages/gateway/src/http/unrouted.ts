import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../domain/error.ts';

/** What a call is told that no route takes; sets `Allow` where it is due. */
export type Unrouted = (request: FastifyRequest, reply: FastifyReply) => GenlockError;

interface Path {
  readonly form: RegExp;
  readonly methods: Set<string>;
}

/**
 * Tells a method that a known path does not take, whichever it is (`TRACE`, `PROPFIND`), from a path that is not known: 405 with
 * `Allow` (RFC 9110, 15.5.6), else 404. To be called before the routes of the scope are defined.
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
    // A route may refuse one of its own calls as not found, such as an id that is too long.
    if (allow.size === 0 || allow.has(request.method)) return new GenlockError('route_not_found');
    reply.header('allow', [...allow].join(', '));
    return new GenlockError('method_not_allowed');
  };
}

/** `/v1/predictions/:id/cancel`, `/v1/models/*` */
function formOf(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

/** Decoded as the router does it: an encoded slash is no slash. */
function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
