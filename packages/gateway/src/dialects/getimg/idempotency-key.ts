import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { claimOf } from '../../gateway/idempotency.ts';
import { callerOf } from '../../http/caller.ts';
import type { IdempotencyClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * The claim of a call that brings an `Idempotency-Key`, which is never required (contract section 8): scoped to workspace, mode and
 * endpoint, bound to the body as it was written, kept for a day.
 *
 * @throws GenlockError `invalid_parameter`
 */
export function idempotencyClaim(
  core: Core,
  request: FastifyRequest,
  endpoint: string,
  body: JsonObject,
): IdempotencyClaim | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !KEY.test(header))
    throw new GenlockError(
      'invalid_parameter',
      'Idempotency-Key must be 1 to 255 visible ASCII characters.',
      {
        param: 'Idempotency-Key',
      },
    );
  const { account, key } = callerOf(request);
  return claimOf([NAME, account.id, key.mode, endpoint], header, body, core.now() + KEPT_MS);
}
