import type { JsonObject } from '../../../domain/json.ts';
import type { Answer } from './answer.ts';
import { CONTENT_FILTER_RESULTS } from './content-filter.ts';

/** What a response shows of its request, and what does not change during the stream. */
export interface ResponseHead {
  /** The id of the generation, from which the ids of the response and its parts are derived. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly model: string;
  readonly body: JsonObject;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number | undefined;
}

type ResponseStatus = 'in_progress' | 'completed' | 'incomplete';

/** A response in OpenAI's form, with `content_filters` (section 12). Without an answer it is one that has only begun. */
export function responseObject(head: ResponseHead, answer?: Answer): object {
  const status: ResponseStatus =
    answer === undefined ? 'in_progress' : answer.finishReason === 'length' ? 'incomplete' : 'completed';
  const { body } = head;
  return {
    id: `resp_${head.id}`,
    object: 'response',
    created_at: head.createdAt,
    status,
    background: false,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: head.maxTokens,
    model: head.model,
    output: answer === undefined ? [] : outputItems(head.id, answer),
    parallel_tool_calls: true,
    previous_response_id: null,
    store: false,
    temperature: head.temperature,
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: head.topP ?? null,
    truncation: 'disabled',
    usage: answer === undefined ? null : usage(answer),
    user: body.user ?? null,
    metadata: body.metadata ?? {},
    content_filters:
      answer === undefined
        ? []
        : ['prompt', 'completion'].map((source) => ({
            blocked: false,
            source_type: source,
            content_filter_results: CONTENT_FILTER_RESULTS,
          })),
  };
}

function outputItems(id: string, { text, calls, finishReason }: Answer): readonly object[] {
  const message = calls.length > 0 && text === '' ? [] : [messageItem(id, text, finishReason)];
  const functions = calls.map((call, index) => ({
    type: 'function_call',
    id: `fc_${id}_${index}`,
    call_id: call.id,
    name: call.name,
    arguments: call.arguments,
    status: 'completed',
  }));
  return [...message, ...functions];
}

export function messageItem(id: string, text: string | null, finishReason?: Answer['finishReason']): object {
  return {
    id: `msg_${id}`,
    type: 'message',
    status:
      finishReason === undefined ? 'in_progress' : finishReason === 'length' ? 'incomplete' : 'completed',
    role: 'assistant',
    content: text === null ? [] : [textPart(text)],
  };
}

export function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

function usage({ inputTokens, outputTokens }: Answer): object {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
}
