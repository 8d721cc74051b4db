import type { CanonicalCode } from '@genlock/contracts';

interface Endpoint {
  readonly path: RegExp;
  readonly methods: readonly string[];
}

const READ = ['GET', 'HEAD'];
const CALL = ['POST'];

/** Contract section 3: every path, with its methods. */
const endpoints: readonly Endpoint[] = [
  { path: /^\/v1\/models\/.+(?:\/|%2f)inference$/i, methods: CALL },
  { path: /^\/v1\/(?:chat\/completions|batch\/inference|playground\/inference|fine-tune)$/, methods: CALL },
  { path: /^\/api\/(?:agent\/v1\/chat\/completions|fine-tune\/training\/start)$/, methods: CALL },
  { path: /^\/api\/training\/[^/]+\/cancel$/, methods: CALL },
  { path: /^\/v1\/(?:models|batch\/[^/]+|fine-tune\/[^/]+)$/, methods: READ },
  { path: /^\/api\/(?:agent\/v1\/models|agent\/models|models\/list|usage\/summary)$/, methods: READ },
  { path: /^\/api\/(?:health|training\/[^/]+)$/, methods: READ },
];

export interface Stray {
  readonly code: CanonicalCode;
  /** The methods of the path, if only the method is wrong. */
  readonly allow?: string;
}

/**
 * Why a request reached no route (contract section 1): a known path with another method, a path of the web application (`/api/…` outside
 * the table), or an unknown path. The contract has no 405, and no 404 below `/api`.
 */
export function strayOf(path: string): Stray {
  const known = endpoints.find((endpoint) => endpoint.path.test(path));
  if (known !== undefined) return { code: 'method_not_allowed', allow: known.methods.join(', ') };
  return { code: path === '/api' || path.startsWith('/api/') ? 'forbidden' : 'route_not_found' };
}

/**
 * Routes that match more paths than the contract has: model ids contain slashes, so one route takes everything below `/v1/models/`; and a
 * batch id could be the name of the neighbouring endpoint.
 */
export const LOOSE_ROUTES = { model: '/v1/models/*', batch: '/v1/batch/:batchId' } as const;

/** Whether the contract has this path with this method; the first matching path decides. */
export function isEndpoint(method: string, path: string): boolean {
  return endpoints.find((endpoint) => endpoint.path.test(path))?.methods.includes(method) === true;
}

/** Inference and the coding endpoints exist only on the API host. */
export function isApiOnly(path: string): boolean {
  return /^\/(?:v1|api\/agent)(?:\/|$)/.test(path);
}
