import {
  type LanguageModelV4Message,
  type LanguageModelV4Prompt,
  type LanguageModelV4ToolResultOutput,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import type { Message } from '@genlock/client';

/** Converts a conversation for the native API. @throws UnsupportedFunctionalityError for content that is not text */
export function toMessages(prompt: LanguageModelV4Prompt): readonly Message[] {
  return prompt.flatMap(messagesOf);
}

function messagesOf(message: LanguageModelV4Message): readonly Message[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }];
    case 'user':
      return [{ role: 'user', content: message.content.map(textOf).join('') }];
    case 'assistant':
      return assistant(message.content);
    case 'tool':
      return message.content.flatMap((part): Message[] =>
        part.type === 'tool-result'
          ? [{ role: 'tool', content: resultText(part.output), tool_call_id: part.toolCallId }]
          : [],
      );
  }
}

type Part<R extends LanguageModelV4Message['role']> = Extract<
  LanguageModelV4Message,
  { role: R }
>['content'][number];

function assistant(parts: readonly Exclude<Part<'assistant'>, string>[]): readonly Message[] {
  let content = '';
  const tool_calls: { id: string; name: string; arguments: string }[] = [];
  for (const part of parts) {
    switch (part.type) {
      case 'text':
        content += part.text;
        break;
      case 'tool-call':
        tool_calls.push({
          id: part.toolCallId,
          name: part.toolName,
          arguments: typeof part.input === 'string' ? part.input : JSON.stringify(part.input),
        });
        break;
      // Reasoning of another model is not part of the conversation.
      case 'reasoning':
      case 'reasoning-file':
        break;
      default:
        throw unsupported(part.type);
    }
  }
  if (content === '' && tool_calls.length === 0) return [];
  return [{ role: 'assistant', content, ...(tool_calls.length > 0 && { tool_calls }) }];
}

function textOf(part: Exclude<Part<'user'>, string>): string {
  if (part.type === 'text') return part.text;
  if (part.data.type === 'text') return part.data.text;
  throw unsupported(`a file of type ${part.mediaType}`);
}

/** The result of a tool in the form that the model reads. */
function resultText(output: LanguageModelV4ToolResultOutput): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value);
    case 'execution-denied':
      return output.reason ?? 'The call was not allowed.';
    case 'content':
      return output.value
        .map((part) => {
          if (part.type === 'text') return part.text;
          throw unsupported('files in the answer of a tool');
        })
        .join('');
  }
}

function unsupported(what: string): UnsupportedFunctionalityError {
  return new UnsupportedFunctionalityError({ functionality: what });
}
