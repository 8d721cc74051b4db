import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/generation.ts';
import type { Caller } from '../../gateway/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import { claimOf } from '../../gateway/idempotency.ts';
import type { IdempotencyClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;
/** Contract section 13. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * The claim of a training start or a batch that brings an `Idempotency-Key`: scoped to workspace and endpoint (the older name of an
 * endpoint is the same one), bound to the body, kept for a day.
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
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !KEY.test(header))
    throw new GenlockError(
      'malformed_request',
      'Idempotency-Key must be 1 to 255 visible ASCII characters.',
      { param: 'Idempotency-Key' },
    );
  return claimOf([NAME, account.id, key.mode, endpoint], header, body, core.now() + KEPT_MS);
}
