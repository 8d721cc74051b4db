import { createHmac, timingSafeEqual } from 'node:crypto';

export type SignatureVerdict = 'valid' | 'expired' | 'invalid';

/** Lower-case hex HMAC-SHA256 over `path/expiry`: the permission to read `path` without a key until then. */
export function signPath(secret: Uint8Array, path: string, expiresAtSeconds: number): string {
  return createHmac('sha256', secret).update(`${path}/${expiresAtSeconds}`).digest('hex');
}

/**
 * Checks the `exp` and `sig` of a link as they came in the query; anything but two strings is invalid. The signature is compared in
 * constant time and before the clock, so that only the holder of a genuine link is told that it has expired.
 */
export function verifyPath(
  secret: Uint8Array,
  path: string,
  { exp, sig }: { readonly exp: unknown; readonly sig: unknown },
  nowSeconds: number,
): SignatureVerdict {
  // Only one way of writing a number is accepted: `1e9`, `+1` and `01` would be other texts under the signature.
  if (typeof exp !== 'string' || !/^(0|[1-9]\d{0,14})$/.test(exp)) return 'invalid';
  if (typeof sig !== 'string' || !/^[0-9a-f]{64}$/.test(sig)) return 'invalid';
  const expected = Buffer.from(signPath(secret, path, Number(exp)), 'hex');
  if (!timingSafeEqual(expected, Buffer.from(sig, 'hex'))) return 'invalid';
  return nowSeconds < Number(exp) ? 'valid' : 'expired';
}
