import type { AdmitCommand } from '../packages/gateway/src/store/port.ts';
import { CREATE_BODY } from './scenarios.ts';

/** The price of the sample, held for each job. */
export const QUOTE = 100_000;

/** A job like the one that {@link CREATE_BODY} makes, in the form in which the store admits it. */
export function sampleAdmission(sample: {
  readonly id: string;
  readonly accountId: string;
  readonly keyId: string;
  readonly kind: 'text' | 'image';
  readonly model?: string;
  readonly at: number;
}): AdmitCommand {
  const { id, accountId, keyId, kind, model = 'kiara-image-pro', at } = sample;
  const { metadata, ...input } = JSON.parse(CREATE_BODY) as { prompt: string; metadata: { order: string } };
  return {
    generation: {
      id,
      dialect: 'kiara',
      accountId,
      keyId,
      mode: 'live',
      model,
      kind,
      input,
      request:
        kind === 'image'
          ? { kind, prompt: input.prompt, seed: 7, width: 1024, height: 1024, count: 1, format: 'jpeg' }
          : {
              kind,
              messages: [{ role: 'user', content: input.prompt }],
              seed: 7,
              maxTokens: 1,
              temperature: 0,
            },
      metadata,
      webhook: null,
      traceparent: null,
      price: { unit: 'call', usd: QUOTE },
      quote: QUOTE,
      retryOf: null,
      createdAt: at,
      deadlineAt: at + 600_000,
    },
    slots: [{ slot: `${keyId}:unfinished`, max: 1_000_000_000, refusal: 'queue_full' }],
    deliveries: [],
  };
}
