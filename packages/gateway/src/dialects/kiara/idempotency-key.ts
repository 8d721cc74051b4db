import type { FastifyRequest } from 'fastify';
import type { JsonObject } from '../../domain/json.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { claimOf } from '../../gateway/admission/idempotency.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import type { IdempotencyClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

/**
 * The claim of a call with an `Idempotency-Key` (contract section 11). Scoped to account, mode and endpoint, bound to the body as it was
 * written, and kept as long as what it made.
 *
 * @throws GenlockError `malformed_request`
 */
export function idempotencyClaim(
  request: FastifyRequest,
  { account, key }: Caller,
  endpoint: string,
  body: JsonObject,
): IdempotencyClaim | undefined {
  const written = idempotencyKeyOf(request, 'malformed_request');
  if (written === undefined) return undefined;
  return claimOf([NAME, account.id, key.mode, endpoint], written, body, null);
}
