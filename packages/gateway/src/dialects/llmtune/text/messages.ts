import { GenlockError } from '../../../domain/error.ts';
import type { Json } from '../../../domain/json.ts';
import type { ChatMessage, ToolCall } from '../../../domain/request.ts';

const ROLES: readonly unknown[] = ['system', 'user', 'assistant', 'tool'] satisfies ChatMessage['role'][];

type Fields = { readonly [name: string]: Json | undefined };

/**
 * The messages of a chat (contract sections 5 and 8): text, or text parts that are joined. An assistant message may contain tool calls
 * instead; a tool message answers one of the earlier calls.
 *
 * @throws GenlockError `invalid_parameter`, with the member at fault
 */
export function readMessages(messages: readonly Json[]): readonly ChatMessage[] {
  if (messages.length === 0) throw invalid('messages', 'must not be empty');
  const called = new Set<string>();
  return messages.map((value, index) => {
    const at = `messages[${index}]`;
    if (!isObject(value)) throw invalid(at, 'must be an object');
    const role = value.role as ChatMessage['role'];
    if (!ROLES.includes(role)) throw invalid(`${at}.role`, 'must be system, user, assistant or tool');
    const toolCalls = role === 'assistant' ? readToolCalls(value.tool_calls, `${at}.tool_calls`) : [];
    for (const { id } of toolCalls) called.add(id);
    const content = readContent(value.content, `${at}.content`, toolCalls.length > 0);
    if (role !== 'tool') return { role, content, ...(toolCalls.length > 0 && { toolCalls }) };
    const toolCallId = value.tool_call_id;
    if (typeof toolCallId !== 'string' || !called.has(toolCallId))
      throw invalid(`${at}.tool_call_id`, 'must be the id of a call in an earlier message');
    return { role, content, toolCallId };
  });
}

function readContent(content: Json | undefined, param: string, mayBeAbsent: boolean): string {
  if (typeof content === 'string') return content;
  if (mayBeAbsent && (content === undefined || content === null)) return '';
  if (!Array.isArray(content)) throw invalid(param, 'must be a text');
  const parts = content as readonly Json[];
  return parts
    .map((part, index) => {
      if (isObject(part) && part.type === 'text' && typeof part.text === 'string') return part.text;
      throw invalid(`${param}[${index}]`, 'must be a part of type text');
    })
    .join('');
}

function readToolCalls(value: Json | undefined, param: string): readonly ToolCall[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(param, 'must be an array');
  const calls = value as readonly Json[];
  return calls.map((call, index) => {
    const fields = isObject(call) ? call : {};
    const given: Fields = isObject(fields.function) ? fields.function : {};
    if (
      typeof fields.id !== 'string' ||
      typeof given.name !== 'string' ||
      typeof given.arguments !== 'string'
    )
      throw invalid(`${param}[${index}]`, 'must have an id and a function with name and arguments');
    return { id: fields.id, name: given.name, arguments: given.arguments };
  });
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}
