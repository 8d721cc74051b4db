import { GenlockError } from '../../../domain/error.ts';
import type { ToolCall } from '../../../domain/request.ts';
import type { TextEvent } from '../../../providers/port.ts';

/** The complete result of a call. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Collects the events of a call. @throws GenlockError the error of the call */
export async function wholeAnswer(events: AsyncIterable<TextEvent>): Promise<Answer> {
  let text = '';
  const calls: ToolCall[] = [];
  for await (const event of events) {
    if (event.type === 'delta') text += event.text;
    if (event.type === 'tool_calls') calls.push(...event.calls);
    if (event.type === 'end') {
      const { finishReason, inputTokens, outputTokens } = event;
      return { text, calls, finishReason, inputTokens, outputTokens };
    }
  }
  // Unreachable: a call ends with an `end` event or throws.
  throw new GenlockError('internal_error', 'A call ended without an end.');
}
