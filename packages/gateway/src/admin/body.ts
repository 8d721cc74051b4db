import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../domain/error.ts';

/**
 * Reads every body as JSON, whatever its Content-Type: `curl -d` sends a form type by default. An absent body becomes undefined, so that
 * calls without a body need none.
 *
 * @throws GenlockError `malformed_request`
 */
export function readJsonBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as GenlockError, undefined);
    }
  });
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new GenlockError('malformed_request', 'The body is not valid UTF-8.');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new GenlockError('malformed_request', 'The body is not valid JSON.');
  }
}
