import type { Generation } from '../../../domain/generation.ts';
import type { ToolCall } from '../../../domain/request.ts';

export type FinishReason = 'stop' | 'length' | 'tool_calls';

export interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A finished answer. */
export interface Answer extends Tokens {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly finishReason: FinishReason;
}

/** The tokens that are billed (contract section 5). */
export function usageObject({ inputTokens, outputTokens }: Tokens): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}

/** Contract sections 5 and 8. `content` is null if tools are called instead. */
export function completionObject(generation: Generation, answer: Answer): object {
  const { text, calls, finishReason } = answer;
  const message =
    calls.length === 0
      ? { role: 'assistant', content: text }
      : { role: 'assistant', content: text === '' ? null : text, tool_calls: calls.map(toolCallObject) };
  return {
    id: generation.id,
    object: 'chat.completion',
    created: Math.floor(generation.createdAt / 1000),
    model: generation.model,
    choices: [{ index: 0, message, finish_reason: finishReason }],
    usage: usageObject(answer),
  };
}

/** The chunks of a streamed chat (contract section 6), as JSON text; their beginning is always the same. */
export function chunkWriter({ id, createdAt, model }: Generation) {
  const created = Math.floor(createdAt / 1000);
  const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model }).slice(0, -1);
  const chunk = (delta: string, finishReason = 'null'): string =>
    `${head},"choices":[{"index":0,"delta":${delta},"finish_reason":${finishReason}}]}`;
  return {
    start: () => chunk('{"role":"assistant","content":""}'),
    text: (text: string) => chunk(`{"content":${JSON.stringify(text)}}`),
    calls: (calls: readonly ToolCall[]) =>
      chunk(JSON.stringify({ tool_calls: calls.map((call, index) => ({ index, ...toolCallObject(call) })) })),
    finish: (reason: FinishReason) => chunk('{}', JSON.stringify(reason)),
    usage: (tokens: Tokens) => `${head},"choices":[],"usage":${JSON.stringify(usageObject(tokens))}}`,
  };
}

function toolCallObject({ id, name, arguments: given }: ToolCall): object {
  return { id, type: 'function', function: { name, arguments: given } };
}
