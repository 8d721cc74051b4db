import type { FastifyRequest } from 'fastify';

/** How a call steers the sandbox: the header `Genlock-Sandbox`. */
export function steeringOf(request: FastifyRequest): string | undefined {
  const header = request.headers['genlock-sandbox'];
  return Array.isArray(header) ? header.join(' ') : header;
}
