import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/generation.ts';
import type { Caller } from '../../gateway/authenticate.ts';
import { claimOf } from '../../gateway/idempotency.ts';
import type { IdempotencyClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The claim of a call that brings an `Idempotency-Key` (contract section 11): scoped to account, mode and endpoint, bound to
 * the body as it was written, kept as long as what it made.
 *
 * @throws GenlockError `malformed_request`
 */
export function idempotencyClaim(
  request: FastifyRequest,
  { account, key }: Caller,
  endpoint: string,
  body: JsonObject,
): IdempotencyClaim | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !KEY.test(header))
    throw new GenlockError(
      'malformed_request',
      'Idempotency-Key must be 1 to 255 visible ASCII characters.',
      {
        param: 'Idempotency-Key',
      },
    );
  return claimOf([NAME, account.id, key.mode, endpoint], header, body, null);
}
