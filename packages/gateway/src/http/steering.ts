import type { FastifyRequest } from 'fastify';

/** The header `Genlock-Sandbox`, with which a call steers the sandbox. */
export function steeringOf(request: FastifyRequest): string | undefined {
  const header = request.headers['genlock-sandbox'];
  return Array.isArray(header) ? header.join(' ') : header;
}
