import type { ToolCall } from '../../../domain/request.ts';
import type { TextEvent } from '../../../providers/port.ts';
import type { Answer } from './answer.ts';
import { messageItem, type ResponseHead, responseObject, textPart } from './responses-object.ts';

/**
 * The events of a streamed response, in OpenAI's order: created, in progress; the message and its only part opened, the text, both closed;
 * tool calls as complete items; completed. They are numbered consecutively.
 */
export function responseEvents(head: ResponseHead): (event: TextEvent) => readonly object[] {
  let next = 0;
  let text = '';
  const calls: ToolCall[] = [];
  const tell = (type: string, members: object) => ({ type, sequence_number: next++, ...members });
  const place = { item_id: `msg_${head.id}`, output_index: 0, content_index: 0 };

  const ending = (answer: Answer): readonly object[] => {
    const response = responseObject(head, answer);
    const { output } = response as { readonly output: readonly object[] };
    return [
      tell('response.output_text.done', { ...place, text, logprobs: [] }),
      tell('response.content_part.done', { ...place, part: textPart(text) }),
      tell('response.output_item.done', {
        output_index: 0,
        item: messageItem(head.id, text, answer.finishReason),
      }),
      // After the message, which is part of every stream, even if it stayed empty.
      ...output
        .filter((item) => (item as { readonly type?: string }).type === 'function_call')
        .flatMap((item, index) => [
          tell('response.output_item.added', { output_index: index + 1, item }),
          tell('response.output_item.done', { output_index: index + 1, item }),
        ]),
      tell(answer.finishReason === 'length' ? 'response.incomplete' : 'response.completed', { response }),
    ];
  };

  return (event) => {
    switch (event.type) {
      case 'start':
        return [
          tell('response.created', { response: responseObject(head) }),
          tell('response.in_progress', { response: responseObject(head) }),
          tell('response.output_item.added', { output_index: 0, item: messageItem(head.id, null) }),
          tell('response.content_part.added', { ...place, part: textPart('') }),
        ];
      case 'delta':
        text += event.text;
        return [tell('response.output_text.delta', { ...place, delta: event.text, logprobs: [] })];
      case 'tool_calls':
        calls.push(...event.calls);
        return [];
      case 'end': {
        const { finishReason, inputTokens, outputTokens } = event;
        return ending({ text, calls, finishReason, inputTokens, outputTokens });
      }
    }
  };
}
