import type { Bytes } from './hmac.ts';
import { fromHex, toHex, utf8 } from './hmac.ts';
import type { Claim, Refusal } from './scheme.ts';

/** Hex HMAC-SHA256 of the raw body only. Without a time in it, a delivery can be replayed for ever. */
export function rawBodySignature(header: string) {
  return {
    keyOf: utf8,
    prefix: () => '',
    claim(headers: Headers): Claim | Refusal {
      const told = headers.get(header);
      if (told === null) return 'signature_missing';
      const signature = fromHex(told);
      return signature === undefined ? 'header_malformed' : { prefix: '', signatures: [signature] };
    },
    signed: (signature: Bytes | undefined): Record<string, string> =>
      signature === undefined ? {} : { [header]: toHex(signature) },
  };
}
