import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface Sealer {
  /** @param context what the value is and whose; it can only be opened with the same context */
  seal(plain: string, context: string): string;
  /** Throws Error if it was changed, or sealed with another secret or context. */
  open(sealed: string, context: string): string;
}

const VERSION = 'gs1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals small secrets for the store with AES-256-GCM, as `gs1.<base64url of iv, ciphertext, tag>`. The key is derived (HKDF-SHA256), so
 * that GENLOCK_SECRET can also serve other purposes. Random 96-bit nonces are safe for 2^32 seals with one secret. Throws RangeError for an
 * empty secret. HKDF adds no strength to a short secret, so the operator's should be random.
 */
export function createSealer(secret: string): Sealer {
  if (secret === '') throw new RangeError('GENLOCK_SECRET is empty');
  const key = Buffer.from(hkdfSync('sha256', secret, '', `genlock seal ${VERSION}`, 32));

  return {
    seal(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${sealed.toString('base64url')}`;
    },

    open(sealed, context) {
      const [version, encoded = '', ...more] = sealed.split('.');
      const bytes = Buffer.from(encoded, 'base64url');
      // Decoding base64url is lenient. Only the canonical text is accepted, so that a change of a sealed text is always noticed.
      const wellFormed = more.length === 0 && bytes.toString('base64url') === encoded;
      if (version !== VERSION || !wellFormed || bytes.length < IV_BYTES + TAG_BYTES) throw cannotOpen();
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return (
          decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch {
        throw cannotOpen();
      }
    },
  };
}

/** One message for every reason, because the exact reason would only help an attacker. */
function cannotOpen(): Error {
  return new Error('sealed value cannot be opened');
}
