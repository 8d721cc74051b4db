import { type Bytes, fromBase64, toBase64 } from './hmac.ts';
import { type Claim, type Refusal, secondsToMs } from './scheme.ts';

const PREFIX = 'whsec_';
/** More than any rotation needs. A header with thousands of signatures must not cause thousands of checks. */
const MAX_SIGNATURES = 16;

/**
 * Standard Webhooks (standardwebhooks.com): base64 HMAC-SHA256 of `{id}.{unix seconds}.{body}` after `v1,`. During a rotation there are
 * several signatures, of which one has to match.
 */
export const standardSignature = {
  keyOf(secret: string): Bytes {
    const key = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
    if (key === undefined) throw new TypeError('The webhook secret must be base64, as in whsec_….');
    return key;
  },
  claim(headers: Headers): Claim | Refusal {
    const id = headers.get('webhook-id');
    const timestamp = headers.get('webhook-timestamp');
    const told = headers.get('webhook-signature');
    if (id === null || timestamp === null || told === null) return 'signature_missing';
    const signedAtMs = secondsToMs(timestamp);
    const signatures = told
      .split(' ', MAX_SIGNATURES)
      .flatMap((one) => (one.startsWith('v1,') ? [fromBase64(one.slice(3))] : []))
      .filter((bytes) => bytes !== undefined);
    if (signedAtMs === undefined || signatures.length === 0) return 'header_malformed';
    return { prefix: `${id}.${timestamp}.`, signatures, signedAtMs };
  },
  prefix: (id: string, nowMs: number): string => `${id}.${Math.floor(nowMs / 1000)}.`,
  headers: (_type: string, id: string, nowMs: number, signatures: readonly Bytes[]) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    'webhook-signature': signatures.map((bytes) => `v1,${toBase64(bytes)}`).join(' '),
  }),
};
