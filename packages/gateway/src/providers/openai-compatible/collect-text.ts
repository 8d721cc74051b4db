import type { Micros } from '../../domain/money.ts';
import type { TextEvent } from '../port.ts';
import type { ChatEnd } from './read-chat.ts';

export interface CollectedText {
  readonly text: string;
  readonly finishReason: Extract<TextEvent, { type: 'end' }>['finishReason'];
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  readonly cost?: Micros;
}

/** A text for somebody who does not wait for it piece by piece. */
export async function collectText(
  events: AsyncGenerator<TextEvent, ChatEnd, undefined>,
): Promise<CollectedText> {
  let text = '';
  let end: Extract<TextEvent, { type: 'end' }> | undefined;
  for (;;) {
    const next = await events.next();
    if (next.done === true) {
      if (end === undefined) throw new Error('a chat ended without its end');
      const { finishReason, inputTokens, outputTokens } = end;
      return { text, finishReason, usage: { inputTokens, outputTokens }, ...next.value };
    }
    if (next.value.type === 'delta') text += next.value.text;
    if (next.value.type === 'end') end = next.value;
  }
}
