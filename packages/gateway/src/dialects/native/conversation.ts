import { GenlockError } from '../../domain/error.ts';
import type { ChatMessage, TextRequest } from '../../domain/request.ts';
import type { TextInput } from './inputs.ts';

/** What a text model reads: the conversation, and the tools that it may call. */
export type Conversation = Pick<TextRequest, 'messages' | 'tools' | 'toolChoice'>;

/**
 * The conversation in an order that fits its schema.
 *
 * @throws GenlockError `parameter_missing`, `parameter_conflict`; `invalid_parameter` for members that do not fit together
 */
export function conversationOf(input: TextInput): Conversation {
  const { tools, tool_choice } = input;
  const named = typeof tool_choice === 'object' ? tool_choice.name : undefined;
  if (tool_choice === 'required' && tools === undefined)
    throw invalid('input.tool_choice', 'demands a tool call, but there are no tools');
  if (named !== undefined && !tools?.some(({ name }) => name === named))
    throw invalid('input.tool_choice', 'must name one of the tools');
  return {
    messages: messagesOf(input),
    ...(tools !== undefined && { tools }),
    ...(tool_choice !== undefined && { toolChoice: tool_choice }),
  };
}

function messagesOf({ prompt, messages }: TextInput): readonly ChatMessage[] {
  if (prompt !== undefined && messages !== undefined)
    throw new GenlockError('parameter_conflict', 'Give either prompt or messages.', {
      param: 'input.prompt',
    });
  if (prompt !== undefined) return [{ role: 'user', content: prompt }];
  if (messages === undefined)
    throw new GenlockError('parameter_missing', 'input.messages is required.', { param: 'input.messages' });
  const called = new Set<string>();
  return messages.map((message, index) => {
    const { role, content, tool_calls = [], tool_call_id } = message;
    const at = `input.messages[${index}]`;
    if (tool_calls.length > 0 && role !== 'assistant')
      throw invalid(`${at}.tool_calls`, 'belong to an assistant');
    if (content === '' && tool_calls.length === 0 && role !== 'tool')
      throw invalid(`${at}.content`, 'must not be empty');
    for (const { id } of tool_calls) called.add(id);
    if (role !== 'tool') {
      if (tool_call_id !== undefined) throw invalid(`${at}.tool_call_id`, 'is for the answer of a tool');
      return { role, content, ...(tool_calls.length > 0 && { toolCalls: tool_calls }) };
    }
    if (tool_call_id === undefined || !called.has(tool_call_id))
      throw invalid(`${at}.tool_call_id`, 'must name a call of an earlier message');
    return { role, content, toolCallId: tool_call_id };
  });
}

function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}
