import type { FastifyRequest } from 'fastify';
import type { JsonObject } from '../../domain/json.ts';
import { claimOf } from '../../gateway/admission/idempotency.ts';
import type { Core } from '../../gateway/core.ts';
import { callerOf } from '../../http/caller.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import type { IdempotencyClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * The claim of a call with an `Idempotency-Key`, which is always optional (contract section 8). Scoped to workspace, mode and endpoint,
 * bound to the body as it was written, and kept for a day.
 *
 * @throws GenlockError `invalid_parameter`
 */
export function idempotencyClaim(
  core: Core,
  request: FastifyRequest,
  endpoint: string,
  body: JsonObject,
): IdempotencyClaim | undefined {
  const written = idempotencyKeyOf(request, 'invalid_parameter');
  if (written === undefined) return undefined;
  const { account, key } = callerOf(request);
  return claimOf([NAME, account.id, key.mode, endpoint], written, body, core.now() + KEPT_MS);
}
