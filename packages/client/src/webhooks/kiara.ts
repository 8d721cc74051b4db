import { kiara } from '../dialects/kiara.ts';
import { isObject, text } from '../json.ts';
import { fromHex, toHex, utf8 } from './hmac.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import { secondsToMs } from './scheme.ts';

export type KiaraEvent = 'generation.completed' | 'generation.failed';

/** Both names can be changed in the vendor's settings. */
export interface KiaraHeaderNames {
  readonly timestampHeader?: string;
  readonly signatureHeader?: string;
}

/** Contract section 14: hex HMAC-SHA256 of `{unix seconds}.{body}`, signed anew for each attempt. */
export function kiaraReceiver({
  timestampHeader = 'x-kiara-timestamp',
  signatureHeader = 'x-kiara-signature',
}: KiaraHeaderNames = {}): Receiver<'kiara', KiaraEvent> {
  return createReceiver({
    dialect: kiara,
    events: { 'generation.completed': 'succeeded', 'generation.failed': 'failed' },
    keyOf: utf8,
    claim(headers) {
      const timestamp = headers.get(timestampHeader);
      const told = headers.get(signatureHeader);
      if (timestamp === null || told === null) return 'signature_missing';
      const signature = fromHex(told);
      const signedAtMs = secondsToMs(timestamp);
      if (signature === undefined || signedAtMs === undefined) return 'header_malformed';
      return { prefix: `${timestamp}.`, signatures: [signature], signedAtMs };
    },
    prefix: (_id, nowMs) => `${Math.floor(nowMs / 1000)}.`,
    headers: (_type, _id, nowMs, [signature]) => ({
      [timestampHeader]: String(Math.floor(nowMs / 1000)),
      ...(signature && { [signatureHeader]: toHex(signature) }),
    }),
    open({ id, type, data }) {
      const name = text(type);
      return name !== undefined && isObject(data) ? { name, id: text(id), job: data } : undefined;
    },
    payload: (type, job, id, created_at) => {
      const failed = type === 'generation.failed';
      const error = failed ? { code: 'generation_failed', message: 'A test.', request_id: 'req_test' } : null;
      const data = { object: 'generation', status: failed ? 'failed' : 'completed', error, ...job };
      return { id, type, created_at, data };
    },
  });
}
