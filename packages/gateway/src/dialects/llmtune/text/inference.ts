import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../../gateway/core.ts';
import type { Dialect } from '../../../gateway/dialect.ts';
import { runInline } from '../../../gateway/inline/inline.ts';
import { callerOf } from '../../../http/caller.ts';
import { clientGone } from '../../../http/event-stream.ts';
import { type JsonBody, readJsonObject } from '../../../http/json-body.ts';
import { steeringOf } from '../../../http/steering.ts';
import type { TextEvent } from '../../../providers/port.ts';
import { LOOSE_ROUTES } from '../endpoints.ts';
import { sendJson } from '../send.ts';
import { textSubmission } from '../submission.ts';
import { usableModel } from '../usable-model.ts';
import { wholeAnswer } from './answer.ts';
import { DEFAULT_SEED } from './chat-body.ts';
import { type Tokens, usageObject } from './chat-object.ts';
import { type Inference, readInference, readPlayground } from './inference-body.ts';
import { streamEvents } from './stream.ts';

/** One prompt gives one text. The model is in the path or in the body (contract section 4). */
export function inferenceRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  scope.post<{ Params: { '*': string } }>(LOOSE_ROUTES.model, (request, reply) => {
    const inference = readInference(bodyOf(request));
    const modelId = request.params['*'].slice(0, -'/inference'.length);
    return infer(core, dialect, request, reply, modelId, inference);
  });

  scope.post('/v1/playground/inference', (request, reply) => {
    const { modelId, ...inference } = readPlayground(bodyOf(request));
    return infer(core, dialect, request, reply, modelId, inference);
  });
}

function bodyOf(request: FastifyRequest): JsonBody {
  return readJsonObject(request.body, request.headers['content-type']);
}

async function infer(
  core: Core,
  dialect: Dialect,
  request: FastifyRequest,
  reply: FastifyReply,
  modelId: string,
  { prompt, sampling, seed = DEFAULT_SEED, metadata, stream }: Inference,
): Promise<FastifyReply> {
  const startedAt = core.now();
  const caller = callerOf(request);
  const usable = await usableModel(core, caller, modelId, 'inference');
  const { maxTokens, temperature, topP = 1, topK = 0 } = sampling;
  const submission = textSubmission(
    { core, dialect, caller },
    {
      usable,
      request: { messages: [{ role: 'user', content: prompt }], ...sampling, seed },
      input: { modelId, maxTokens, temperature, topP, topK, stream },
      metadata,
      steering: steeringOf(request),
    },
  );
  const telling = stream ? 'streamed' : 'whole';
  const run = await runInline(core, submission, clientGone(reply), telling);
  const facts = (tokens: Tokens) => ({
    tokens: tokens.inputTokens + tokens.outputTokens,
    model: modelId,
    latency: Math.round(core.now() - startedAt),
  });
  if (stream)
    return streamEvents(core, request, reply, run, (event: TextEvent) => {
      if (event.type === 'delta') return [JSON.stringify({ text: event.text })];
      if (event.type === 'end') return [JSON.stringify({ text: '', ...facts(event), done: true })];
      return [];
    });

  const answer = await wholeAnswer(run.events);
  return sendJson(reply, {
    text: answer.text,
    ...facts(answer),
    metadata,
    usage: usageObject(answer),
    finish_reason: answer.finishReason,
  });
}
