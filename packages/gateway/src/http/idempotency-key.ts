import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../domain/error.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The `Idempotency-Key` of a call, as it was written.
 *
 * @throws GenlockError `refusal`, the error of the dialect's contract, if it is not a valid key
 */
export function idempotencyKeyOf(
  { headers }: FastifyRequest,
  refusal: 'malformed_request' | 'invalid_parameter',
): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new GenlockError(refusal, 'Idempotency-Key must be 1 to 255 visible ASCII characters.', {
    param: 'Idempotency-Key',
  });
}
