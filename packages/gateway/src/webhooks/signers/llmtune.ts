import { createHmac } from 'node:crypto';
import type { WebhookScheme } from '../port.ts';

export interface LlmtuneSchemeOptions {
  readonly timeoutMs?: number | undefined;
  /** After the first attempt. */
  readonly retries?: number | undefined;
  /** What one second of the schedule lasts. */
  readonly unitMs?: number | undefined;
  readonly signatureHeader?: string | undefined;
}

/**
 * Contract llmtune, section 12: HMAC-SHA256 of the raw body, hex, with no timestamp and so the same for every attempt; 5 attempts,
 * each of the later ones 2, 4, 8 and 16 units after the one before it.
 */
export function createLlmtuneScheme({
  timeoutMs = 5_000,
  retries = 4,
  unitMs = 1_000,
  signatureHeader = 'X-Webhook-Signature',
}: LlmtuneSchemeOptions = {}): WebhookScheme {
  return {
    timeoutMs,
    nextDelayMs: (failedAttempts) => (failedAttempts > retries ? undefined : unitMs * 2 ** failedAttempts),
    headers: ({ delivery, secrets: [secret] }) => ({
      'X-Webhook-Event': delivery.event,
      [signatureHeader]: createHmac('sha256', secret).update(delivery.body).digest('hex'),
    }),
  };
}
