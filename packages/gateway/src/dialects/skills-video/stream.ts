import type { FastifyReply } from 'fastify';
import type { Generation } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { patiently } from '../../gateway/surely.ts';
import { follow } from '../../gateway/waiting/follow.ts';
import { clientGone, openEventStream } from '../../http/event-stream.ts';
import { factsOf } from '../../http/failure.ts';
import { toldState } from './task-object.ts';

/**
 * Streams the states of a task (contract section 7): one unnamed event for each, and the stream closes after the terminal one. If a client
 * leaves, the task goes on. If the server stops, clients get no terminal event, because there is none yet; they learn the rest by reading
 * the task.
 */
export async function streamTask(core: Core, generation: Generation, reply: FastifyReply): Promise<void> {
  const leave = AbortSignal.any([clientGone(reply), core.stopped]);
  const stream = openEventStream(reply);
  try {
    for await (const step of follow(core, generation, leave)) {
      const state = await patiently(core, step.id, () => toldState(core, step));
      await stream.send(JSON.stringify(state));
    }
  } catch (error) {
    // The status line has been sent, so all that is left is to end the stream; the client then reads the task.
    core.log.error(
      { ...factsOf(reply.request), generation: generation.id, err: error },
      'event stream broke off',
    );
  } finally {
    stream.end();
  }
}
