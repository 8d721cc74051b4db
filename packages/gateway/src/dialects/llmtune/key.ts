import type { FastifyRequest } from 'fastify';
import type { Mode } from '../../domain/generation.ts';
import { randomAlphanumeric } from '../../gateway/random-text.ts';
import { bearerToken } from '../../http/bearer.ts';

const BARE_KEY = /^[A-Za-z0-9_-]+$/;

/** The key of a request: on every endpoint `Bearer <key>`, or the key alone (contract section 2). */
export function keyOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  if (authorization === undefined) return undefined;
  return bearerToken(authorization) ?? (BARE_KEY.test(authorization) ? authorization : undefined);
}

/** `sk_live_` and 32 letters and digits. The contract has no test keys; `sk_test_` follows other vendors. */
export function mintKey(mode: Mode): string {
  return `sk_${mode}_${randomAlphanumeric(32)}`;
}
