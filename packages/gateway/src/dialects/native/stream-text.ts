import type { FastifyReply } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { Submission } from '../../gateway/admission/submission.ts';
import type { Core } from '../../gateway/core.ts';
import { type InlineRun, runInline } from '../../gateway/inline/inline.ts';
import { patiently } from '../../gateway/surely.ts';
import { clientGone, type EventStream, openEventStream } from '../../http/event-stream.ts';
import { noteFailure } from '../../http/failure.ts';
import { renderProblem } from '../../http/problem.ts';
import { brief } from './generation-view.ts';
import { pathOf } from './links.ts';

/**
 * Sends text while it is written: `created` with the generation, a `delta` for each piece, `tool_calls` if the model calls tools, and
 * `ended` with the generation in its last state and the reason why the model stopped. An error before the first piece is an ordinary
 * problem document; after it, a `problem` event that ends the stream.
 */
export async function streamText(
  core: Core,
  reply: FastifyReply,
  submission: Submission,
): Promise<FastifyReply> {
  const run = await runInline(core, submission, clientGone(reply));
  reply.header('location', pathOf(core, `/generations/${run.generation.id}`));
  const stream = openEventStream(reply, { over: run.over });
  try {
    await tell(core, stream, run);
  } catch (thrown) {
    const error = GenlockError.from(thrown);
    const fault = renderProblem(error, reply.request.id);
    if (!reply.raw.destroyed) noteFailure(core, reply.request, error, fault.status, 'stream broke off');
    await stream.send(fault.body, { event: 'problem' });
  } finally {
    stream.end();
  }
  return reply;
}

async function tell(core: Core, stream: EventStream, { generation, events }: InlineRun): Promise<void> {
  let finish_reason: string | undefined;
  try {
    await stream.send(JSON.stringify(await brief(core, generation)), { event: 'created' });
    for await (const event of events) {
      switch (event.type) {
        case 'start':
          break;
        case 'delta':
          await stream.send(JSON.stringify({ text: event.text }), { event: 'delta' });
          break;
        case 'tool_calls':
          await stream.send(JSON.stringify({ calls: event.calls }), { event: 'tool_calls' });
          break;
        case 'end':
          finish_reason = event.finishReason;
      }
    }
  } finally {
    // A client that leaves early stops the call.
    await events.return();
  }
  await stream.send(JSON.stringify({ ...(await now(core, generation)), finish_reason }), { event: 'ended' });
}

/**
 * The present state of a generation whose text has all been sent and charged. If that state cannot be read, the generation is shown as it
 * was admitted.
 */
async function now(core: Core, generation: Generation): Promise<object> {
  const { id } = generation;
  try {
    return await patiently(core, id, async () =>
      brief(core, (await core.store.generation(id)) ?? generation),
    );
  } catch (err) {
    core.log.warn({ generation: id, err }, 'a text cannot be shown as it is now');
    return brief(core, generation);
  }
}
