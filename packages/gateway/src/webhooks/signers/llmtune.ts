import { createHmac } from 'node:crypto';
import type { WebhookScheme } from '../port.ts';

export interface LlmtuneSchemeOptions {
  readonly timeoutMs?: number | undefined;
  /** Attempts after the first one. */
  readonly retries?: number | undefined;
  /** The length of one second of the schedule, in milliseconds. */
  readonly unitMs?: number | undefined;
  readonly signatureHeader?: string | undefined;
}

/**
 * Contract llmtune, section 12: HMAC-SHA256 of the raw body, in hex, without a timestamp and so the same for every attempt. 5 attempts; the
 * later ones follow after 2, 4, 8 and 16 units.
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
