import type { Micros } from '../../domain/money.ts';
import type { TextEvent } from '../port.ts';

export interface CollectedText {
  readonly text: string;
  readonly finishReason: Extract<TextEvent, { type: 'end' }>['finishReason'];
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  readonly cost?: Micros;
}

/** Collects a text for callers that do not stream it. */
export async function collectText(events: AsyncIterable<TextEvent>): Promise<CollectedText> {
  let text = '';
  for await (const event of events) {
    if (event.type === 'delta') text += event.text;
    if (event.type !== 'end') continue;
    const { finishReason, inputTokens, outputTokens, cost } = event;
    return { text, finishReason, usage: { inputTokens, outputTokens }, ...(cost !== undefined && { cost }) };
  }
  throw new Error('a chat ended without its end');
}
