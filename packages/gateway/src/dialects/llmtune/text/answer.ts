import { GenlockError } from '../../../domain/error.ts';
import type { ToolCall } from '../../../domain/request.ts';
import type { TextEvent } from '../../../providers/port.ts';
import type { Answer } from './chat-object.ts';

/** Collects all events of a call into one answer. @throws GenlockError the error of the call */
export async function wholeAnswer(events: AsyncIterable<TextEvent>): Promise<Answer> {
  let text = '';
  const calls: ToolCall[] = [];
  for await (const event of events) {
    switch (event.type) {
      case 'start':
        break;
      case 'delta':
        text += event.text;
        break;
      case 'tool_calls':
        calls.push(...event.calls);
        break;
      case 'end':
        return { text, calls, ...event };
    }
  }
  // Unreachable: `runInline` ends with an `end` event or throws.
  throw new GenlockError('internal_error', 'A call ended without an end.');
}
