import type { FastifyRequest } from 'fastify';
import type { JsonObject } from '../../domain/json.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { claimOf } from '../../gateway/admission/idempotency.ts';
import type { Core } from '../../gateway/core.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import type { IdempotencyClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

/** Contract section 13. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * The claim of a training start or batch with an `Idempotency-Key`. Scoped to workspace and endpoint (an older name of an endpoint counts
 * as the same), bound to the body, and kept for a day.
 *
 * @throws GenlockError `malformed_request`
 */
export function idempotencyClaim(
  core: Core,
  request: FastifyRequest,
  { account, key }: Caller,
  endpoint: 'training' | 'batch',
  body: JsonObject,
): IdempotencyClaim | undefined {
  const written = idempotencyKeyOf(request, 'malformed_request');
  if (written === undefined) return undefined;
  return claimOf([NAME, account.id, key.mode, endpoint], written, body, core.now() + KEPT_MS);
}
