import { hash } from 'node:crypto';
import { inputTextsOf, type TextRequest } from '../../domain/request.ts';
import type { Delivered, TextEvent } from '../port.ts';
import { withoutDirectives } from './directives.ts';
import { countTokens, embed, generateText, type NgramModel } from './text/index.ts';
import { chooseTool } from './text/tools.ts';

/** Text about the conversation, or a call of one of the offered tools. The same for the same request and key. */
export function* write(model: NgramModel, request: TextRequest, key: string): Generator<TextEvent> {
  if (request.embed !== undefined) return yield* vectors(request, request.embed);
  const messages = request.messages.map((message) => ({
    ...message,
    content: withoutDirectives(message.content),
  }));
  let inputTokens = 0;
  for (const text of inputTextsOf(request)) inputTokens += countTokens(text);
  yield { type: 'start', inputTokens };

  const tool = chooseTool({ ...request, messages });
  if (tool !== undefined) {
    const { name } = tool;
    const given = JSON.stringify(tool.arguments);
    const outputTokens = Math.min(request.maxTokens, countTokens(name) + countTokens(given));
    const id = `call_${hash('sha256', key, 'hex').slice(0, 24)}`;
    yield { type: 'tool_calls', calls: [{ id, name, arguments: given }], outputTokens };
    yield { type: 'end', finishReason: 'tool_calls', inputTokens, outputTokens };
    return;
  }

  const prompt = messages.map(({ content }) => content).join('\n');
  const pieces = generateText(model, { ...request, prompt });
  let outputTokens = 0;
  for (;;) {
    const next = pieces.next();
    if (next.done === true) {
      const { completionTokens, finishReason } = next.value;
      yield { type: 'end', finishReason, inputTokens, outputTokens: completionTokens };
      return;
    }
    outputTokens += 1;
    yield { type: 'delta', text: next.value, outputTokens };
  }
}

function* vectors(
  { messages }: TextRequest,
  { dimensions }: NonNullable<TextRequest['embed']>,
): Generator<TextEvent> {
  const texts = messages.map(({ content }) => withoutDirectives(content));
  const inputTokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const outputTokens = texts.length;
  yield { type: 'start', inputTokens };
  const text = JSON.stringify(texts.map((one) => embed(one, dimensions)));
  yield { type: 'delta', text, outputTokens };
  yield { type: 'end', finishReason: 'stop', inputTokens, outputTokens };
}

/** The same text for a caller that does not stream it. */
export function collectText(events: Iterable<TextEvent>): Delivered {
  let text = '';
  let usage: Delivered['usage'];
  for (const event of events) {
    if (event.type === 'delta') text += event.text;
    if (event.type === 'end') usage = { inputTokens: event.inputTokens, outputTokens: event.outputTokens };
  }
  const output = { bytes: new TextEncoder().encode(text), contentType: 'text/plain; charset=utf-8' };
  return { outputs: [output], ...(usage && { usage }) };
}
