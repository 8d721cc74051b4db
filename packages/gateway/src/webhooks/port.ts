import type { Delivery } from '../store/port.ts';

export interface SigningInput {
  readonly delivery: Delivery;
  /** As shown to the receiver's owner. The current one comes first, followed by older ones during a rotation. */
  readonly secrets: readonly [string, ...string[]];
  /** The time of this attempt. Each attempt is signed anew. */
  readonly nowMs: number;
}

/** How a dialect signs and repeats webhooks, and when it gives them up. */
export interface WebhookScheme {
  /** A receiver that has not answered after this time has failed. */
  readonly timeoutMs: number;
  /** The delay before the next attempt after this many failures; undefined: give up. */
  nextDelayMs(failedAttempts: number): number | undefined;
  /** Added to `Content-Type` and `User-Agent`, which all schemes have. */
  headers(input: SigningInput): Record<string, string>;
  /** The status with which a receiver says that it wants no more webhooks, e.g. 410. The delivery then fails at once. */
  readonly goneStatus?: number;
}
