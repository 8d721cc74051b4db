import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../../../domain/error.ts';
import type { Json } from '../../../domain/json.ts';
import type { Core } from '../../../gateway/core.ts';
import type { Dialect } from '../../../gateway/dialect.ts';
import { sendJson } from '../send.ts';
import { wholeAnswer } from './answer.ts';
import { callModel, readInferenceBody } from './call.ts';
import { integerIn, invalid, isList, required } from './fields.ts';

const MAX_INPUTS = 2048;

/** `POST /v1/embeddings` (contract section 12): one vector for each input, in their order. */
export function embeddingsRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  scope.post('/embeddings', { config: { skytellsPlace: 'inference' } }, async (request, reply) => {
    const read = readInferenceBody(core, request, 'vectors');
    const { body, known } = read;
    const inputs = readInputs(required(body, 'input'));
    const format = body.encoding_format ?? 'float';
    if (format !== 'float' && format !== 'base64')
      throw invalid('encoding_format', 'must be float or base64');
    const longest = known.spec.dimensions ?? 1;
    const dimensions = integerIn(body, 'dimensions', 1, longest) ?? longest;

    const { events } = await callModel({ core, dialect }, { request, reply, telling: 'whole' }, read, {
      messages: inputs.map((content) => ({ role: 'user', content })),
      embed: { dimensions },
      // A vector counts as one output token, which costs nothing.
      maxTokens: inputs.length,
      temperature: 0,
    });
    const answer = await wholeAnswer(events);
    const vectors = readVectors(answer.text, inputs.length);
    return sendJson(reply, {
      object: 'list',
      data: vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: format === 'float' ? vector : base64Of(vector),
      })),
      model: known.spec.id,
      usage: { prompt_tokens: answer.inputTokens, total_tokens: answer.inputTokens },
    });
  });
}

/** A text, several texts, or texts as lists of token ids. @throws GenlockError `invalid_parameter` */
function readInputs(input: Json): readonly string[] {
  const list = isList(input) && !input.every((one) => typeof one === 'number') ? input : [input];
  if (list.length === 0 || list.length > MAX_INPUTS)
    throw invalid('input', `must hold 1 to ${MAX_INPUTS} texts`);
  return list.map((one) => {
    if (typeof one === 'string' && one !== '') return one;
    if (isList(one) && one.length > 0 && one.every(Number.isInteger)) return one.join(' ');
    throw invalid('input', 'must be texts that are not empty');
  });
}

/** The provider's text: one list of numbers for each input. */
function readVectors(text: string, count: number): readonly (readonly number[])[] {
  let vectors: unknown;
  try {
    vectors = JSON.parse(text);
  } catch (cause) {
    throw new GenlockError('upstream_invalid_result', undefined, { cause });
  }
  if (!Array.isArray(vectors) || vectors.length !== count) throw new GenlockError('upstream_invalid_result');
  return vectors;
}

/** 32-bit floats, little-endian, as OpenAI's clients read them. */
function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes.toString('base64');
}
