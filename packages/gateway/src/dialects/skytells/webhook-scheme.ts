import type { DialectSettings } from '../../config/config.ts';
import type { WebhookScheme } from '../../webhooks/port.ts';
import { createSkytellsScheme } from '../../webhooks/signers/skytells.ts';

/** The signature and the schedule of the contract (section 8), with what is configured. */
export function webhookScheme({ webhook }: DialectSettings): WebhookScheme {
  return createSkytellsScheme(webhook);
}
