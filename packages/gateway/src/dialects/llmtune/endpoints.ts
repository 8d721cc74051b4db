import type { CanonicalCode } from '@genlock/contracts';

interface Endpoint {
  readonly path: RegExp;
  readonly methods: readonly string[];
}

const READ = ['GET', 'HEAD'];
const CALL = ['POST'];

/** Contract section 3: every path that there is, and what it takes. */
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
  /** What the path takes instead, where it is the method that is wrong. */
  readonly allow?: string;
}

/**
 * Why a request reached no route (contract section 1): a known path with another method, a path of the web application (`/api/…`
 * beyond the table), or no path at all. The contract has neither a 405 nor, below `/api`, a 404.
 */
export function strayOf(path: string): Stray {
  const known = endpoints.find((endpoint) => endpoint.path.test(path));
  if (known !== undefined) return { code: 'method_not_allowed', allow: known.methods.join(', ') };
  return { code: path === '/api' || path.startsWith('/api/') ? 'forbidden' : 'route_not_found' };
}

/**
 * Routes that take more paths than the contract has: model ids hold slashes, so one of them takes all below `/v1/models/`, and an id
 * of a batch could be the name of the endpoint beside it.
 */
export const LOOSE_ROUTES = { model: '/v1/models/*', batch: '/v1/batch/:batchId' } as const;

/** Whether the contract has this path with this method; the first one that fits the path decides. */
export function isEndpoint(method: string, path: string): boolean {
  return endpoints.find((endpoint) => endpoint.path.test(path))?.methods.includes(method) === true;
}

/** Inference and the coding endpoints are on the API host only. */
export function isApiOnly(path: string): boolean {
  return /^\/(?:v1|api\/agent)(?:\/|$)/.test(path);
}
