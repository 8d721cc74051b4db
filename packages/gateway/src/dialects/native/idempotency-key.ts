import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/generation.ts';
import type { Caller } from '../../gateway/authenticate.ts';
import { claimOf } from '../../gateway/idempotency.ts';
import type { IdempotencyClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

/** A structured string (RFC 9651, section 3.3.3), as draft-ietf-httpapi-idempotency-key-header writes the key. */
const QUOTED = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/;
/** As most clients write it. */
const BARE = /^[\x21\x23-\x7e][\x21-\x7e]{0,254}$/;

/**
 * The claim of a call that brings an `Idempotency-Key`: scoped to account, mode and endpoint, bound to the body, kept as long as what
 * it made. `"k"` and `k` are the same key.
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
  return claimOf([NAME, account.id, key.mode, endpoint], readKey(header), body, null);
}

function readKey(header: string | readonly string[]): string {
  const text = typeof header === 'string' ? header.trim() : '';
  const quoted = QUOTED.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replaceAll(/\\(["\\])/g, '$1');
  if (BARE.test(text)) return text;
  throw new GenlockError(
    'malformed_request',
    'Idempotency-Key must be a string of 1 to 255 ASCII characters, such as "order-17".',
    { param: 'Idempotency-Key' },
  );
}
