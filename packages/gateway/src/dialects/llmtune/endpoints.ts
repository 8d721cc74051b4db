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

/** Model ids hold slashes, so the route for them takes every path below `/v1/models/`, also what is no endpoint. */
export function isModelPath(path: string): boolean {
  return /(?:\/|%2f)inference$/i.test(path);
}

/** Inference and the coding endpoints are on the API host only. */
export function isApiOnly(path: string): boolean {
  return /^\/(?:v1|api\/agent)(?:\/|$)/.test(path);
}
