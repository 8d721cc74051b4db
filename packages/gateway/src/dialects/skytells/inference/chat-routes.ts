import type { FastifyInstance } from 'fastify';
import type { Core } from '../../../gateway/core.ts';
import type { Dialect } from '../../../gateway/dialect.ts';
import { sendJson } from '../send.ts';
import { wholeAnswer } from './answer.ts';
import { callModel, readInferenceBody } from './call.ts';
import { type ChatHead, chatChunks, chatCompletion } from './chat-object.ts';
import { readMessages } from './content.ts';
import { flag, integerIn, isObject, required } from './fields.ts';
import { readSampling } from './sampling.ts';
import { streamEvents } from './stream.ts';
import { readToolChoice, readTools } from './tools.ts';

/** `POST /v1/chat/completions` (contract section 12). The SDK's safety checks also call it. */
export function chatRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  scope.post('/chat/completions', { config: { skytellsPlace: 'inference' } }, async (request, reply) => {
    const read = readInferenceBody(core, request, 'text');
    const { body, known } = read;
    const messages = readMessages(required(body, 'messages'));
    // One answer per call, because further ones would each have to be paid.
    integerIn(body, 'n', 1, 1);
    const sampling = readSampling(body, known.spec, ['max_completion_tokens', 'max_tokens']);
    const [tools, toolChoice] = [readTools(body.tools), readToolChoice(body.tool_choice)];
    const streamed = flag(body, 'stream');
    const telling = streamed ? 'streamed' : 'whole';
    const withUsage = isObject(body.stream_options) && flag(body.stream_options, 'include_usage');

    const run = await callModel({ core, dialect }, { request, reply, telling }, read, {
      messages,
      ...sampling,
      ...(tools.length > 0 && { tools }),
      ...(toolChoice !== undefined && { toolChoice }),
    });
    const { generation } = run;
    const head: ChatHead = {
      id: `chatcmpl-${generation.id}`,
      created: Math.floor(generation.createdAt / 1000),
      model: generation.model,
    };
    if (streamed)
      return streamEvents(core, { request, reply }, run, (event) => chatChunks(head, event, withUsage));
    return sendJson(reply, chatCompletion(head, await wholeAnswer(run.events)));
  });
}
