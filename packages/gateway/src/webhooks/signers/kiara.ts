import { createHmac } from 'node:crypto';
import type { WebhookScheme } from '../port.ts';

/** From the dialect's settings; the defaults are the contract's values. */
export interface KiaraSchemeOptions {
  readonly timeoutMs?: number | undefined;
  /** Attempts after the first one. */
  readonly retries?: number | undefined;
  readonly intervalMs?: number | undefined;
  readonly timestampHeader?: string | undefined;
  readonly signatureHeader?: string | undefined;
}

/**
 * Contract kiara, section 14: 1 + 8 attempts about 30 s apart. Each is signed anew with HMAC-SHA256(secret, `{unix seconds}.{body}`),
 * because receivers reject signatures that are older than 5 minutes.
 */
export function createKiaraScheme({
  timeoutMs = 10_000,
  retries = 8,
  intervalMs = 30_000,
  timestampHeader = 'X-Kiara-Timestamp',
  signatureHeader = 'X-Kiara-Signature',
}: KiaraSchemeOptions = {}): WebhookScheme {
  return {
    timeoutMs,
    nextDelayMs: (failedAttempts) => (failedAttempts > retries ? undefined : intervalMs),
    headers({ delivery, secrets: [secret], nowMs }) {
      const timestamp = String(Math.floor(nowMs / 1000));
      const signature = createHmac('sha256', secret).update(`${timestamp}.${delivery.body}`).digest('hex');
      return { [timestampHeader]: timestamp, [signatureHeader]: signature };
    },
  };
}
