import type { Json, JsonObject } from '../../../domain/json.ts';
import type { ChatMessage, ToolCall } from '../../../domain/request.ts';
import { invalid, isList, isObject } from './fields.ts';

/** Text, or a list of parts of the given types, which are joined. @throws GenlockError `invalid_parameter` */
export function readText(value: Json | undefined, param: string, partTypes: readonly string[]): string {
  if (typeof value === 'string') return value;
  if (!isList(value)) throw invalid(param, 'must be a text or a list of text parts');
  return value
    .map((part, index) => {
      if (isObject(part) && partTypes.includes(String(part.type)) && typeof part.text === 'string')
        return part.text;
      throw invalid(`${param}[${index}]`, 'must be a text part');
    })
    .join('');
}

const ROLES: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
};

export function readRole(value: Json | undefined, param: string): ChatMessage['role'] {
  const role = typeof value === 'string' && Object.hasOwn(ROLES, value) ? ROLES[value] : undefined;
  if (role === undefined) throw invalid(param, `must be one of ${Object.keys(ROLES).join(', ')}`);
  return role;
}

const MAX_MESSAGES = 1000;

/** `messages` of a chat. @throws GenlockError `invalid_parameter` */
export function readMessages(value: Json): readonly ChatMessage[] {
  if (!isList(value) || value.length === 0 || value.length > MAX_MESSAGES)
    throw invalid('messages', `must be a list of 1 to ${MAX_MESSAGES} messages`);
  return value.map((message, index) => readMessage(message, `messages[${index}]`));
}

function readMessage(message: Json, at: string): ChatMessage {
  if (!isObject(message)) throw invalid(at, 'must be an object');
  const role = readRole(message.role, `${at}.role`);
  const toolCalls = role === 'assistant' ? readToolCalls(message.tool_calls ?? null, `${at}.tool_calls`) : [];
  const silent = toolCalls.length > 0 && (message.content ?? null) === null;
  const content = silent ? '' : readText(message.content, `${at}.content`, ['text']);
  if (role !== 'tool') return { role, content, ...(toolCalls.length > 0 && { toolCalls }) };
  if (typeof message.tool_call_id !== 'string')
    throw invalid(`${at}.tool_call_id`, 'must be the id of a call');
  return { role, content, toolCallId: message.tool_call_id };
}

function readToolCalls(value: Json, param: string): readonly ToolCall[] {
  if (value === null) return [];
  if (!isList(value)) throw invalid(param, 'must be a list');
  return value.map((call, index) => {
    const given: JsonObject = isObject(call) && isObject(call.function) ? call.function : {};
    const id = isObject(call) ? call.id : undefined;
    if (typeof id !== 'string' || typeof given.name !== 'string' || typeof given.arguments !== 'string')
      throw invalid(`${param}[${index}]`, 'must have an id and a function with name and arguments');
    return { id, name: given.name, arguments: given.arguments };
  });
}
