import { GenlockError } from '../../domain/error.ts';
import type { TextRequest } from '../../domain/request.ts';
import type { Delivered, TextEvent } from '../port.ts';
import { countOf } from '../upstream/count-of.ts';
import { estimateTokens } from './read-chat.ts';
import { readVectors } from './replies.ts';

/** Vectors in the form for callers: one JSON list of all, in the order of the messages. @throws GenlockError `upstream_invalid_result` */
export function* vectorEvents(
  body: Uint8Array,
  request: TextRequest,
  dimensions: number,
  cost: Pick<Delivered, 'cost'> = {},
): Generator<TextEvent, void, undefined> {
  const { data, usage } = readVectors(body);
  const found = data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)).map(({ embedding }) => embedding);
  if (found.length !== request.messages.length || found.some(({ length }) => length !== dimensions))
    throw new GenlockError('upstream_invalid_result', undefined, {
      raw: `${found.length} vectors of ${found.map(({ length }) => length).slice(0, 3)} numbers`,
      accepted: 'yes',
    });
  const estimate = request.messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
  const inputTokens = countOf(usage?.prompt_tokens) || estimate;
  const outputTokens = found.length;
  yield { type: 'start', inputTokens };
  yield { type: 'delta', text: JSON.stringify(found), outputTokens };
  yield { type: 'end', finishReason: 'stop', inputTokens, outputTokens, ...cost };
}
