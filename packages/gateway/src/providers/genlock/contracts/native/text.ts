import { GenlockError } from '../../../../domain/error.ts';
import { parseUsd } from '../../../../domain/money.ts';
import { inputTextsOf, type TextRequest } from '../../../../domain/request.ts';
import { estimateTokens } from '../../../openai-compatible/read-chat.ts';
import type { ProviderCall, TextEvent } from '../../../port.ts';
import { countOf } from '../../../upstream/count-of.ts';
import { readEvents } from '../../../upstream/event-stream.ts';
import { failureIn } from '../../failures.ts';
import { type Line, whole } from '../../line.ts';
import { nativeTextOrder } from './orders.ts';
import { readDelta, readEnded, readToolCalls } from './replies.ts';

type Finish = Extract<TextEvent, { type: 'end' }>['finishReason'];

/** Streams a text. Token counts are estimates until the server sends its own at the end. */
export async function* nativeText(
  line: Line,
  call: ProviderCall,
  request: TextRequest,
): AsyncGenerator<TextEvent, void, undefined> {
  const order = await nativeTextOrder(line, call, request);
  const headers = { 'idempotency-key': call.idempotencyKey, accept: 'text/event-stream' };
  const answer = await line.stream({ ...order, headers }, call);
  if (answer.headers['content-type']?.startsWith('text/event-stream') !== true)
    throw toldBefore(await whole(answer.body));
  let inputTokens = inputTextsOf(request).reduce((sum, text) => sum + estimateTokens(text), 0);
  let outputTokens = 0;
  yield { type: 'start', inputTokens };
  for await (const { event, data } of readEvents(answer.body)) {
    switch (event) {
      case 'delta': {
        const { text } = readDelta(data);
        outputTokens += estimateTokens(text);
        yield { type: 'delta', text, outputTokens };
        break;
      }
      case 'tool_calls': {
        const { calls } = readToolCalls(data);
        outputTokens += estimateTokens(data);
        yield { type: 'tool_calls', calls, outputTokens };
        break;
      }
      case 'ended': {
        const { finish_reason, usage, cost } = readEnded(data);
        inputTokens = countOf(usage?.input_tokens) ?? inputTokens;
        outputTokens = countOf(usage?.output_tokens) ?? outputTokens;
        const end = {
          type: 'end',
          finishReason: finishOf(finish_reason),
          inputTokens,
          outputTokens,
        } as const;
        const charged = parseUsd(cost?.charged_usd);
        yield charged === undefined ? end : { ...end, cost: charged };
        return;
      }
      case 'problem':
        throw problemIn(data);
    }
  }
  throw brokenOff('the text broke off');
}

function problemIn(data: string): GenlockError {
  try {
    return failureIn('native', JSON.parse(data)) ?? brokenOff(data);
  } catch {
    return brokenOff(data);
  }
}

function finishOf(reason: string | undefined): Finish {
  return reason === 'length' || reason === 'tool_calls' ? reason : 'stop';
}

/** An earlier call under our key received the text, and the server does not store it. */
function toldBefore(body: Uint8Array): GenlockError {
  const raw = Buffer.from(body).toString();
  return new GenlockError('outcome_unknown', undefined, { raw, accepted: 'yes' });
}

function brokenOff(raw: string): GenlockError {
  return new GenlockError('upstream_failed', undefined, { raw, accepted: 'maybe' });
}
