import type { FastifyInstance } from 'fastify';

/** Only below `/v1`, so that the rest can never be read as another host (`//evil.example`). */
const SLASHED = /^\/skytells\/v1\/[^?]*?[^/?]\/+(?:\?|$)/;

/**
 * Redirects `/v1/…/` to the path without the slash, with its query. 301 on purpose: in the contract a POST to `/v1/predictions/` ends as a
 * GET of the list, which clients do after a 301 and not after a 308.
 */
export function dropTrailingSlash(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    if (!SLASHED.test(request.url)) return;
    // The path as the client wrote it, which on a host of its own has no mount.
    const [path = '', query] = split(request.originalUrl);
    const location = path.replace(/\/+$/, '') + (query === undefined ? '' : `?${query}`);
    return reply.code(301).header('location', location).header('content-type', 'application/json').send('{}');
  });
}

function split(url: string): [string, string?] {
  const at = url.indexOf('?');
  return at === -1 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}
