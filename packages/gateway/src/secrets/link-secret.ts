import { hkdfSync } from 'node:crypto';

/** The key by which links are signed, derived so that GENLOCK_SECRET can serve other purposes beside. */
export function deriveLinkSecret(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'genlock links v1', 32));
}
