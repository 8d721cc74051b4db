import type { DialectSettings } from '../../config/config.ts';
import type { WebhookScheme } from '../../webhooks/port.ts';
import { createStandardScheme } from '../../webhooks/signers/standard.ts';

/** Standard Webhooks with the schedule of the contract (section 12), scaled by the configured interval. */
export function webhookScheme({
  webhook: { timeoutMs, retries, intervalMs },
}: DialectSettings): WebhookScheme {
  return createStandardScheme({ timeoutMs, retries, intervalMs });
}
