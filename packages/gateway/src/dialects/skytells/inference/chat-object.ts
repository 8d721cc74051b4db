import type { ToolCall } from '../../../domain/request.ts';
import type { TextEvent } from '../../../providers/port.ts';
import type { Answer } from './answer.ts';
import { CONTENT_FILTER_RESULTS } from './content-filter.ts';

/** The members that are the same in a completion and in all its chunks. */
export interface ChatHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

const PROMPT_FILTER_RESULTS = [{ prompt_index: 0, content_filter_results: CONTENT_FILTER_RESULTS }];

/** A chat completion in OpenAI's form, with the filter results of section 12. */
export function chatCompletion(head: ChatHead, answer: Answer): object {
  const { text, calls, finishReason } = answer;
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          refusal: null,
          ...(calls.length > 0 && { tool_calls: calls.map(toolCall) }),
        },
        logprobs: null,
        finish_reason: finishReason,
        content_filter_results: CONTENT_FILTER_RESULTS,
      },
    ],
    usage: usage(answer),
    prompt_filter_results: PROMPT_FILTER_RESULTS,
    system_fingerprint: null,
  };
}

/** The chunks for one event of a call. Usage is a separate chunk, for callers that asked for it. */
export function chatChunks(head: ChatHead, event: TextEvent, withUsage: boolean): readonly object[] {
  switch (event.type) {
    case 'start':
      return [
        {
          ...chunk(head, { role: 'assistant', content: '' }, null),
          prompt_filter_results: PROMPT_FILTER_RESULTS,
        },
      ];
    case 'delta':
      return [chunk(head, { content: event.text }, null)];
    case 'tool_calls': {
      const calls = event.calls.map((call, index) => ({ index, ...toolCall(call) }));
      return [chunk(head, { tool_calls: calls }, null)];
    }
    case 'end': {
      const last = chunk(head, {}, event.finishReason);
      return withUsage ? [last, { ...chunk(head, {}, null), choices: [], usage: usage(event) }] : [last];
    }
  }
}

function chunk({ id, created, model }: ChatHead, delta: object, finishReason: string | null) {
  const choice = {
    index: 0,
    delta,
    logprobs: null,
    finish_reason: finishReason,
    content_filter_results: CONTENT_FILTER_RESULTS,
  };
  return { id, object: 'chat.completion.chunk', created, model, choices: [choice] };
}

function toolCall({ id, name, arguments: written }: ToolCall): object {
  return { id, type: 'function', function: { name, arguments: written } };
}

function usage({ inputTokens, outputTokens }: Pick<Answer, 'inputTokens' | 'outputTokens'>): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}
