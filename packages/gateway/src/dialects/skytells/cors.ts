import type { FastifyInstance } from 'fastify';

/** The SDK runs in browsers too, and keys travel in a header, never in a cookie, so any origin may ask (contract section 1). */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
};

const METHODS = 'GET, HEAD, POST, DELETE, OPTIONS';
const HEADERS = 'x-api-key, authorization, content-type, idempotency-key, genlock-sandbox';
const NAMES = /^[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*$/;

/** Lets web pages read every answer, and answers a browser's preflight, which carries no key, before anything asks for one. */
export function allowBrowsers(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    reply.headers(CORS_HEADERS);
    if (request.method !== 'OPTIONS') return;
    const wanted = request.headers['access-control-request-headers'];
    reply.headers({
      'access-control-allow-methods': METHODS,
      // The SDK lets callers add headers of their own.
      'access-control-allow-headers': wanted !== undefined && NAMES.test(wanted) ? wanted : HEADERS,
      'access-control-max-age': '86400',
      vary: 'access-control-request-headers',
    });
    return reply.code(204).send();
  });
}
