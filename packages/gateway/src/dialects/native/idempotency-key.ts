import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { claimOf } from '../../gateway/admission/idempotency.ts';
import type { Core } from '../../gateway/core.ts';
import type { IdempotencyClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

/** A structured string (RFC 9651, section 3.3.3), the form of draft-ietf-httpapi-idempotency-key-header. */
const QUOTED = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/;
/** The endpoint of orders, as it is used in the scope of their keys. */
export const ORDERS = 'POST /v1/generations';
/** The form that most clients send. */
const BARE = /^[\x21\x23-\x7e][\x21-\x7e]{0,254}$/;

/**
 * The claim of a call with an `Idempotency-Key`. Scoped to account, mode and endpoint, bound to the body, and kept as long as what it made.
 * `"k"` and `k` are the same key.
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

/** The generation that this caller ordered under the key (in either form), whatever the content of the order. */
export async function orderedUnder(
  core: Core,
  { account, key: { mode } }: Caller,
  key: string,
): Promise<Generation | undefined> {
  const { digest } = claimOf([NAME, account.id, mode, ORDERS], unquoted(key) ?? key, null, null);
  const record = await core.store.idempotencyRecord(digest, core.now());
  const generation = record && (await core.store.generation(record.targetId));
  return generation?.deletedAt === null ? generation : undefined;
}

function readKey(header: string | readonly string[]): string {
  const text = typeof header === 'string' ? header.trim() : '';
  const key = unquoted(text) ?? (BARE.test(text) ? text : undefined);
  if (key !== undefined) return key;
  throw new GenlockError(
    'malformed_request',
    'Idempotency-Key must be a string of 1 to 255 ASCII characters, such as "order-17".',
    { param: 'Idempotency-Key' },
  );
}

function unquoted(text: string): string | undefined {
  return QUOTED.exec(text)?.[1]?.replaceAll(/\\(["\\])/g, '$1');
}
