import { createHmac } from 'node:crypto';
import type { WebhookScheme } from '../port.ts';

/** From the dialect's settings; the defaults are the contract's values. */
export interface SkytellsSchemeOptions {
  readonly timeoutMs?: number | undefined;
  /** Attempts after the first one. */
  readonly retries?: number | undefined;
  /** Delay before the second attempt. Later delays are multiples of it. */
  readonly intervalMs?: number | undefined;
  readonly signatureHeader?: string | undefined;
}

/** 5 s, 30 s, 2 min, 10 min, as multiples of the first delay. Beyond the list the last one repeats. */
const MULTIPLES = [1, 6, 24, 120] as const;

/**
 * Contract skytells, section 8: lower-case hex HMAC-SHA256 over the raw body, without prefix or timestamp, so every attempt is the same to
 * the byte. The key is an API key or the account's secret, as it is written.
 */
export function createSkytellsScheme({
  timeoutMs = 10_000,
  retries = MULTIPLES.length,
  intervalMs = 5_000,
  signatureHeader = 'X-Skytells-Signature',
}: SkytellsSchemeOptions = {}): WebhookScheme {
  return {
    timeoutMs,
    nextDelayMs: (failedAttempts) =>
      failedAttempts > retries
        ? undefined
        : intervalMs * (MULTIPLES[Math.min(failedAttempts, MULTIPLES.length) - 1] ?? 1),
    headers: ({ delivery, secrets: [secret] }) => ({
      [signatureHeader]: createHmac('sha256', secret).update(delivery.body).digest('hex'),
    }),
  };
}
