import type { FastifyInstance } from 'fastify';

/** The SDK also runs in browsers, and keys are sent in a header, never in a cookie. So any origin may call (contract section 1). */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
};

const METHODS = 'GET, HEAD, POST, DELETE, OPTIONS';
const HEADERS = 'x-api-key, authorization, content-type, idempotency-key, genlock-sandbox';
const NAMES = /^[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*$/;

/** Allows web pages to read every answer, and answers a browser's preflight, which has no key, before the key is checked. */
export function allowBrowsers(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    reply.headers(CORS_HEADERS);
    if (request.method !== 'OPTIONS') return;
    const wanted = request.headers['access-control-request-headers'];
    reply.headers({
      'access-control-allow-methods': METHODS,
      // The SDK allows callers to add headers of their own.
      'access-control-allow-headers': wanted !== undefined && NAMES.test(wanted) ? wanted : HEADERS,
      'access-control-max-age': '86400',
      vary: 'access-control-request-headers',
    });
    return reply.code(204).send();
  });
}
