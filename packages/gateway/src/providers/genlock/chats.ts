import { inputTextsOf, type TextRequest } from '../../domain/request.ts';
import { chatRequest, vectorsRequest } from '../openai-compatible/chat-request.ts';
import { estimateTokens, readChat } from '../openai-compatible/read-chat.ts';
import { vectorEvents } from '../openai-compatible/read-vectors.ts';
import type { ProviderCall, TextEvent } from '../port.ts';
import { readEvents, type UpstreamEvent } from '../upstream/event-stream.ts';
import { failureIn } from './failures.ts';
import type { Line } from './line.ts';

type Events = AsyncGenerator<TextEvent, void, undefined>;

/** A chat in OpenAI's format, which two of the contracts use; errors are in the contract's own format. */
export async function* chat(line: Line, call: ProviderCall, request: TextRequest, path: string): Events {
  const order = chatRequest(call.model, request, shapes(line));
  const headers = { accept: 'text/event-stream' };
  const { body } = await line.stream({ ...order, path, headers }, call);
  yield* readChat(watched(line, readEvents(body)), tokensOf(inputTextsOf(request)));
}

/** Vectors in the same format: one for each message. */
export async function* vectors(
  line: Line,
  call: ProviderCall,
  request: TextRequest,
  path: string,
  { dimensions }: NonNullable<TextRequest['embed']>,
): Events {
  const order = vectorsRequest(call.model, request, dimensions, shapes(line));
  const { body } = await line.order({ ...order, path }, call);
  yield* vectorEvents(body, request, dimensions);
}

function shapes({ settings: { base_url, parameters } }: Line): Parameters<typeof chatRequest>[2] {
  return { base_url, max_tokens_member: 'max_tokens', ...(parameters && { parameters }) };
}

function tokensOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + estimateTokens(text), 0);
}

/** Converts an error in the middle of the stream, which is an event in the contract's own format. */
async function* watched(
  { dialect }: Line,
  events: AsyncIterable<UpstreamEvent>,
): AsyncGenerator<UpstreamEvent, void, undefined> {
  for await (const event of events) {
    const failure = failureIn(dialect, parsed(event.data));
    if (failure !== undefined) throw failure;
    yield event;
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
