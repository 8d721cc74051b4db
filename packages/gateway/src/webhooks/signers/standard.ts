import { createHmac } from 'node:crypto';
import type { WebhookScheme } from '../port.ts';

/** From the dialect's settings. */
export interface StandardSchemeOptions {
  readonly timeoutMs?: number | undefined;
  /** Attempts after the first one. */
  readonly retries?: number | undefined;
  /** Delay before the second attempt. Later delays are multiples of it. */
  readonly intervalMs?: number | undefined;
}

/** 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, as multiples of the first delay. Beyond the list the last one repeats. */
const MULTIPLES = [1, 60, 360, 1440, 3600, 7200, 7200] as const;

/** The prefix marks the kind of secret; the key is the decoded part after it. */
const PREFIX = 'whsec_';

/**
 * Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over `{id}.{unix seconds}.{body}`, in base64 after `v1,`. During a rotation there
 * is one signature for each secret, separated by spaces, and a receiver accepts any that matches.
 */
export function createStandardScheme({
  timeoutMs = 15_000,
  retries = MULTIPLES.length,
  intervalMs = 5_000,
}: StandardSchemeOptions = {}): WebhookScheme {
  return {
    timeoutMs,
    goneStatus: 410,
    nextDelayMs: (failedAttempts) =>
      failedAttempts > retries
        ? undefined
        : intervalMs * (MULTIPLES[Math.min(failedAttempts, MULTIPLES.length) - 1] ?? 1),
    headers({ delivery: { id, body }, secrets, nowMs }) {
      const timestamp = String(Math.floor(nowMs / 1000));
      const signed = `${id}.${timestamp}.${body}`;
      return {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': secrets.map((secret) => `v1,${sign(secret, signed)}`).join(' '),
      };
    },
  };
}

function sign(secret: string, text: string): string {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
  return createHmac('sha256', key).update(text).digest('base64');
}
