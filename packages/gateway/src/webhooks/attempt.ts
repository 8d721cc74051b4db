import type { Outbound } from '../http/outbound/outbound.ts';
import { OutboundError } from '../http/outbound/outbound-error.ts';
import type { Delivery, DeliveryAttempt } from '../store/port.ts';
import type { SigningInput, WebhookScheme } from './port.ts';

export interface AttemptParts {
  readonly outbound: Pick<Outbound, 'fetch'>;
  readonly secretsOf: (delivery: Delivery) => Promise<SigningInput['secrets']>;
  readonly now: () => number;
}

/** The body of an answer does not matter. Reading a little of it lets ordinary answers finish normally. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** Sends a delivery once. Never throws: an error is recorded in the attempt, in words that the operator may see. */
export async function attemptDelivery(
  delivery: Delivery,
  scheme: WebhookScheme,
  { outbound, secretsOf, now }: AttemptParts,
  traceparent: string | undefined,
): Promise<DeliveryAttempt> {
  let secrets: SigningInput['secrets'];
  try {
    secrets = await secretsOf(delivery);
  } catch {
    return { at: now(), status: null, error: 'no signing secret' };
  }
  const at = now();
  try {
    const { status } = await outbound.fetch(delivery.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'Genlock',
        ...(traceparent !== undefined && { traceparent }),
        ...scheme.headers({ delivery, secrets, nowMs: at }),
      },
      body: delivery.body,
      timeoutMs: scheme.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      maxRedirects: 0,
    });
    return { at, status, error: wordsFor(status) };
  } catch (error) {
    if (!(error instanceof OutboundError)) return { at, status: null, error: 'could not be sent' };
    // The status line decides: a receiver that answered 2xx has the webhook, however long or broken its body is.
    if (error.status !== undefined) return { at, status: error.status, error: wordsFor(error.status) };
    return { at, status: null, error: error.message };
  }
}

export function isDelivered(attempt: DeliveryAttempt): boolean {
  return attempt.status !== null && attempt.status >= 200 && attempt.status <= 299;
}

function wordsFor(status: number): string | null {
  if (status >= 200 && status <= 299) return null;
  return status >= 300 && status <= 399
    ? `answered ${status}, redirects are not followed`
    : `answered ${status}`;
}
