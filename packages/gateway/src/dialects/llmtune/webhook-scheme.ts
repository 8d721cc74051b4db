import type { DialectSettings } from '../../config/config.ts';
import type { WebhookScheme } from '../../webhooks/port.ts';
import { createLlmtuneScheme } from '../../webhooks/signers/llmtune.ts';

/** The signature of the contract (section 12), with the configured header name, timeout and attempts. */
export function webhookScheme({ webhook }: DialectSettings): WebhookScheme {
  const { signatureHeader, timeoutMs, retries, intervalMs } = webhook;
  return createLlmtuneScheme({ signatureHeader, timeoutMs, retries, unitMs: intervalMs });
}
