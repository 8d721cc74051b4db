import type { Json, JsonObject } from '../../../domain/json.ts';
import type { ChatMessage } from '../../../domain/request.ts';
import { readRole, readText } from './content.ts';
import { invalid, isList, isObject, required } from './fields.ts';

const MAX_ITEMS = 1000;
const PART_TYPES = ['input_text', 'output_text', 'text'];

/**
 * `instructions` and `input` of a response as messages. `input` is a text, or a list of messages, tool calls and their results.
 *
 * @throws GenlockError `parameter_missing`, `invalid_parameter`
 */
export function readInput(body: JsonObject): readonly ChatMessage[] {
  const input = required(body, 'input');
  const instructions = body.instructions ?? '';
  if (typeof instructions !== 'string') throw invalid('instructions', 'must be a text');
  const before: readonly ChatMessage[] =
    instructions === '' ? [] : [{ role: 'system', content: instructions }];
  if (typeof input === 'string') return [...before, { role: 'user', content: input }];
  if (!isList(input) || input.length === 0 || input.length > MAX_ITEMS)
    throw invalid('input', `must be a text or a list of 1 to ${MAX_ITEMS} items`);
  return [...before, ...input.map((item, index) => readItem(item, `input[${index}]`))];
}

function readItem(item: Json, at: string): ChatMessage {
  if (!isObject(item)) throw invalid(at, 'must be an object');
  const { type = 'message', call_id: callId, name, arguments: written, output } = item;
  if (type === 'function_call') {
    if (typeof callId !== 'string' || typeof name !== 'string' || typeof written !== 'string')
      throw invalid(at, 'must have a call_id, a name and arguments');
    return { role: 'assistant', content: '', toolCalls: [{ id: callId, name, arguments: written }] };
  }
  if (type === 'function_call_output') {
    if (typeof callId !== 'string' || typeof output !== 'string')
      throw invalid(at, 'must have a call_id and an output');
    return { role: 'tool', content: output, toolCallId: callId };
  }
  if (type !== 'message')
    throw invalid(`${at}.type`, 'must be message, function_call or function_call_output');
  return {
    role: readRole(item.role, `${at}.role`),
    content: readText(item.content, `${at}.content`, PART_TYPES),
  };
}
