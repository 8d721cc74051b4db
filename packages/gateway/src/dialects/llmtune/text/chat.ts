import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../../gateway/core.ts';
import type { Dialect } from '../../../gateway/dialect.ts';
import { runInline } from '../../../gateway/inline/inline.ts';
import { callerOf } from '../../../http/caller.ts';
import { clientGone } from '../../../http/event-stream.ts';
import { readJsonObject } from '../../../http/json-body.ts';
import { steeringOf } from '../../../http/steering.ts';
import type { TextEvent } from '../../../providers/port.ts';
import type { Capability } from '../models.ts';
import { sendJson } from '../send.ts';
import { textSubmission } from '../submission.ts';
import { usableModel } from '../usable-model.ts';
import { wholeAnswer } from './answer.ts';
import { type Chat, readChat } from './chat-body.ts';
import { chunkWriter, completionObject } from './chat-object.ts';
import { streamEvents } from './stream.ts';

/** The chat endpoint, and that for coding clients, which may use other models (contract sections 5, 6 and 8). */
export function chatRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  scope.post('/v1/chat/completions', (request, reply) => chat(core, dialect, request, reply, 'chat'));
  scope.post('/api/agent/v1/chat/completions', (request, reply) =>
    chat(core, dialect, request, reply, 'agent'),
  );
}

async function chat(
  core: Core,
  dialect: Dialect,
  request: FastifyRequest,
  reply: FastifyReply,
  capability: Capability,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  const chat = readChat(readJsonObject(request.body, request.headers['content-type']));
  const usable = await usableModel(core, caller, chat.model, capability);
  const submission = textSubmission(
    { core, dialect, caller },
    {
      usable,
      request: chat.request,
      input: inputOf(chat),
      metadata: chat.metadata,
      steering: steeringOf(request),
    },
  );
  const telling = chat.stream ? 'streamed' : 'whole';
  const run = await runInline(core, submission, clientGone(reply), telling);
  const { generation } = run;
  if (!chat.stream) return sendJson(reply, completionObject(generation, await wholeAnswer(run.events)));

  const chunk = chunkWriter(generation);
  return streamEvents(core, request, reply, run, (event: TextEvent) => {
    switch (event.type) {
      case 'start':
        return [chunk.start()];
      case 'delta':
        return [chunk.text(event.text)];
      case 'tool_calls':
        return [chunk.calls(event.calls)];
      case 'end':
        return [chunk.finish(event.finishReason), ...(chat.includeUsage ? [chunk.usage(event)] : [])];
    }
  });
}

/** What the operator sees of a call besides its request. */
function inputOf({ model, sampling, stream }: Chat) {
  const { maxTokens, temperature, topP } = sampling;
  return { model, max_tokens: maxTokens, temperature, ...(topP !== undefined && { top_p: topP }), stream };
}
