import type { FastifyInstance } from 'fastify';
import type { Core } from '../../../gateway/core.ts';
import type { Dialect } from '../../../gateway/dialect.ts';
import { sendJson } from '../send.ts';
import { wholeAnswer } from './answer.ts';
import { callModel, readInferenceBody } from './call.ts';
import { flag } from './fields.ts';
import { readInput } from './responses-body.ts';
import { responseEvents } from './responses-events.ts';
import { type ResponseHead, responseObject } from './responses-object.ts';
import { readSampling } from './sampling.ts';
import { streamEvents } from './stream.ts';
import { readToolChoice, readTools } from './tools.ts';

/** `POST /v1/responses` (contract section 12). Nothing is stored, so a response cannot continue an earlier one. */
export function responsesRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  scope.post('/responses', { config: { skytellsPlace: 'inference' } }, async (request, reply) => {
    const read = readInferenceBody(core, request, 'text');
    const { body, known } = read;
    const messages = readInput(body);
    const sampling = readSampling(body, known.spec, ['max_output_tokens']);
    const [tools, toolChoice] = [readTools(body.tools), readToolChoice(body.tool_choice)];
    const streamed = flag(body, 'stream');
    const telling = streamed ? 'streamed' : 'whole';

    const run = await callModel({ core, dialect }, { request, reply, telling }, read, {
      messages,
      ...sampling,
      ...(tools.length > 0 && { tools }),
      ...(toolChoice !== undefined && { toolChoice }),
    });
    const { generation } = run;
    const head: ResponseHead = {
      id: generation.id,
      createdAt: Math.floor(generation.createdAt / 1000),
      model: generation.model,
      body,
      maxTokens: sampling.maxTokens,
      temperature: sampling.temperature,
      topP: sampling.topP,
    };
    if (streamed) return streamEvents(core, { request, reply }, run, responseEvents(head));
    return sendJson(reply, responseObject(head, await wholeAnswer(run.events)));
  });
}
