export type Bytes = Uint8Array<ArrayBuffer>;

/** The type has a different name in each library of types, hence this alias. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const HASH = { name: 'HMAC', hash: 'SHA-256' } as const;

/** A key for signing or verifying. @throws TypeError for an empty one, with which anybody could sign */
export function importKey(secret: Bytes, use: 'sign' | 'verify'): Promise<Key> {
  if (secret.byteLength === 0) throw new TypeError('The webhook secret is empty.');
  return crypto.subtle.importKey('raw', secret, HASH, false, [use]);
}

export async function sign(key: Key, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, data));
}

/** In constant time, which Web Crypto guarantees for `verify`. All signatures are tried with all keys, even after one matches. */
export async function verify(
  keys: readonly Key[],
  signatures: readonly Bytes[],
  data: Bytes,
): Promise<boolean> {
  const tries = keys.flatMap((key) =>
    signatures.map((signature) => crypto.subtle.verify('HMAC', key, signature, data)),
  );
  return (await Promise.all(tries)).includes(true);
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function join(prefix: string, body: Uint8Array): Bytes {
  const head = utf8(prefix);
  const bytes = new Uint8Array(head.byteLength + body.byteLength);
  bytes.set(head);
  bytes.set(body, head.byteLength);
  return bytes;
}

export function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Undefined unless it is the hex form of a SHA-256. */
export function fromHex(text: string): Bytes | undefined {
  if (!/^[0-9a-f]{64}$/i.test(text)) return undefined;
  return Uint8Array.from({ length: 32 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}

export function toBase64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes));
}

export function fromBase64(text: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
