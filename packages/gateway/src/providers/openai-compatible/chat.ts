import { GenlockError } from '../../domain/error.ts';
import { inputTextsOf, type TextRequest } from '../../domain/request.ts';
import type { ProviderCall, TextEvent } from '../port.ts';
import { readEvents, type UpstreamEvent } from '../upstream/event-stream.ts';
import { failureOf } from '../upstream/failure.ts';
import { orderOptions } from '../upstream/order.ts';
import type { StreamedAnswer } from '../upstream/upstream.ts';
import { chatRequest, vectorsRequest } from './chat-request.ts';
import { costOf } from './cost.ts';
import { failures } from './failures.ts';
import type { Line } from './line.ts';
import { estimateTokens, readChat } from './read-chat.ts';
import { vectorEvents } from './read-vectors.ts';

/** Streams a chat, or its vectors. */
export function text(
  line: Line,
  call: ProviderCall,
  request: TextRequest,
  part?: number,
): AsyncGenerator<TextEvent, void, undefined> {
  return request.embed === undefined
    ? chat(line, call, request, part)
    : vectors(line, call, request, request.embed);
}

async function* chat(
  line: Line,
  call: ProviderCall,
  request: TextRequest,
  part: number | undefined,
): AsyncGenerator<TextEvent, void, undefined> {
  const order = line.ordered(chatRequest(call.model, request, line.settings), call, part);
  const answer = await line.upstream.stream(order, orderOptions(call));
  const { status, headers } = answer;
  if (status !== 200) throw failureOf({ status, headers, body: await whole(answer) }, failures, true);
  const isWhole = headers['content-type']?.startsWith('application/json') === true;
  const events = isWhole ? asOne(answer) : readEvents(answer.body);
  const inputTokens = inputTextsOf(request).reduce((sum, one) => sum + estimateTokens(one), 0);
  // When the headers of a streamed answer are sent, its cost is not known yet.
  yield* readChat(events, inputTokens, isWhole ? costOf(answer).cost : undefined);
}

/** Servers that cannot stream send a single answer with the whole text. */
async function* asOne(answer: StreamedAnswer): AsyncGenerator<UpstreamEvent, void, undefined> {
  yield { event: 'message', data: Buffer.from(await whole(answer)).toString() };
  yield { event: 'message', data: '[DONE]' };
}

/** Neither a chat nor an error is larger. */
const MAX_WHOLE = 4 * 1024 * 1024;

async function whole({ body }: StreamedAnswer): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > MAX_WHOLE)
      throw new GenlockError('upstream_invalid_result', undefined, {
        raw: 'an endless answer',
        accepted: 'maybe',
      });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function* vectors(
  line: Line,
  call: ProviderCall,
  request: TextRequest,
  { dimensions }: NonNullable<TextRequest['embed']>,
): AsyncGenerator<TextEvent, void, undefined> {
  const answer = await line.order(vectorsRequest(call.model, request, dimensions, line.settings), call);
  yield* vectorEvents(answer.body, request, dimensions, costOf(answer));
}
