import type { DialectSettings } from '../../config/config.ts';
import type { WebhookScheme } from '../../webhooks/port.ts';
import { createKiaraScheme } from '../../webhooks/signers/kiara.ts';

/** The signature of the contract (section 14), with the configured header names, timeout and attempts. */
export function webhookScheme({ webhook }: DialectSettings): WebhookScheme {
  const { timestampHeader, signatureHeader, timeoutMs, retries, intervalMs } = webhook;
  return {
    ...createKiaraScheme({
      ...(timestampHeader !== undefined && { timestampHeader }),
      ...(signatureHeader !== undefined && { signatureHeader }),
    }),
    timeoutMs,
    nextDelayMs: (failedAttempts) => (failedAttempts > retries ? undefined : intervalMs),
  };
}
