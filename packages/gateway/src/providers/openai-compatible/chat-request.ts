import type { JsonObject } from '../../domain/json.ts';
import type { ChatMessage, TextRequest, Tool } from '../../domain/request.ts';
import { withParameters } from '../upstream/parameters.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import type { Settings } from './settings.ts';

/** `POST /chat/completions`, streamed, with the token counts at the end. */
export function chatRequest(model: string, request: TextRequest, settings: Settings): UpstreamRequest {
  const { messages, tools = [], toolChoice, maxTokens, temperature, topP, topK, stop, seed } = request;
  const { presencePenalty, frequencyPenalty } = request;
  const order: JsonObject = {
    model,
    messages: messages.map(wireMessage),
    [limitMember(settings)]: maxTokens,
    temperature,
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && settings.extensions?.includes('top_k') && { top_k: topK }),
    ...(stop !== undefined && stop.length > 0 && { stop }),
    ...(presencePenalty !== undefined && { presence_penalty: presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequency_penalty: frequencyPenalty }),
    seed,
    ...(tools.length > 0 && { tools: tools.map(wireTool) }),
    ...(toolChoice !== undefined && tools.length > 0 && { tool_choice: wireChoice(toolChoice) }),
    stream: true,
    stream_options: { include_usage: true },
  };
  return { method: 'POST', path: '/chat/completions', json: withParameters(order, settings.parameters) };
}

/** `POST /embeddings`: one vector for each message. */
export function vectorsRequest(
  model: string,
  { messages }: TextRequest,
  dimensions: number,
  { parameters }: Settings,
): UpstreamRequest {
  const input = messages.map(({ content }) => content);
  const order = { model, input, dimensions, encoding_format: 'float' };
  return { method: 'POST', path: '/embeddings', json: withParameters(order, parameters) };
}

/** OpenAI's newer models refuse the old name, and many other servers do not know the new one. */
function limitMember({ max_tokens_member, base_url }: Settings): string {
  if (max_tokens_member !== undefined) return max_tokens_member;
  return new URL(base_url).hostname === 'api.openai.com' ? 'max_completion_tokens' : 'max_tokens';
}

function wireMessage({ role, content, toolCalls = [], toolCallId }: ChatMessage): JsonObject {
  if (role === 'tool') return { role, content, tool_call_id: toolCallId ?? '' };
  if (toolCalls.length === 0) return { role, content };
  const tool_calls = toolCalls.map(({ id, name, arguments: given }) => ({
    id,
    type: 'function',
    function: { name, arguments: given },
  }));
  return { role, content: content === '' ? null : content, tool_calls };
}

function wireTool({ name, description, parameters }: Tool): JsonObject {
  const described = description === undefined ? {} : { description };
  return { type: 'function', function: { name, ...described, parameters: schemaOf(parameters) } };
}

/** Callers may give a loose map of names and types, such as `{"path": "string"}`; servers only take JSON Schema. */
function schemaOf(parameters: JsonObject = {}): JsonObject {
  const isSchema = parameters.type === 'object' || '$schema' in parameters || 'properties' in parameters;
  if (isSchema) return { type: 'object', ...parameters };
  const properties = Object.entries(parameters).map(([name, value]) => [name, memberOf(value)] as const);
  return { type: 'object', properties: Object.fromEntries(properties) };
}

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'];

function memberOf(value: JsonObject[string]): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  if (typeof value !== 'string') return { type: 'string' };
  return TYPES.includes(value) ? { type: value } : { type: 'string', description: value };
}

function wireChoice(choice: NonNullable<TextRequest['toolChoice']>): JsonObject | string {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}
