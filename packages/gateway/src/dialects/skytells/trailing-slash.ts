import type { FastifyInstance } from 'fastify';

/** Only below `/v1`, so that what is left can never be read as another host (`//evil.example`). */
const SLASHED = /^\/skytells\/v1\/[^?]*?[^/?]\/+(?:\?|$)/;

/**
 * `/v1/…/` moves to the path without the slash, query kept. 301 on purpose: the contract's quirk is that a POST to
 * `/v1/predictions/` ends as a GET of the list, which clients do on 301 and not on 308.
 */
export function dropTrailingSlash(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    if (!SLASHED.test(request.url)) return;
    // As the client wrote it: on a host of its own the mount is not there.
    const [path = '', query] = split(request.originalUrl);
    const location = path.replace(/\/+$/, '') + (query === undefined ? '' : `?${query}`);
    return reply.code(301).header('location', location).header('content-type', 'application/json').send('{}');
  });
}

function split(url: string): [string, string?] {
  const at = url.indexOf('?');
  return at === -1 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}
