import type { DialectSettings } from '../../config/config.ts';
import type { WebhookScheme } from '../../webhooks/port.ts';
import { createSkytellsScheme } from '../../webhooks/signers/skytells.ts';

/** The signature and schedule of the contract (section 8), with the configured values. */
export function webhookScheme({ webhook }: DialectSettings): WebhookScheme {
  return createSkytellsScheme(webhook);
}
