import { hkdfSync } from 'node:crypto';

/** The key that signs links. Derived from GENLOCK_SECRET, so that the secret can also serve other purposes. */
export function deriveLinkSecret(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'genlock links v1', 32));
}
