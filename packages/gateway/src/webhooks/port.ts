import type { Delivery } from '../store/port.ts';

export interface SigningInput {
  readonly delivery: Delivery;
  /** As they were shown to the receiver's owner, the current one first; older ones while it is being rotated. */
  readonly secrets: readonly [string, ...string[]];
  /** When this attempt is made; each attempt is signed anew. */
  readonly nowMs: number;
}

/** How a dialect signs, repeats and gives up webhooks. */
export interface WebhookScheme {
  /** A receiver that has not answered by then has failed. */
  readonly timeoutMs: number;
  /** Delay before the next attempt when so many have failed, or undefined when it is given up. */
  nextDelayMs(failedAttempts: number): number | undefined;
  /** Beside `Content-Type` and `User-Agent`, which are the same for all. */
  headers(input: SigningInput): Record<string, string>;
  /** The status by which a receiver says that it wants no more of it, e.g. 410: failed at once. */
  readonly goneStatus?: number;
}
