import type { FastifyReply } from 'fastify';
import type { Generation } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { follow } from '../../gateway/waiting/follow.ts';
import { clientGone, openEventStream } from '../../http/event-stream.ts';
import { factsOf } from '../../http/failure.ts';
import { toldState } from './task-object.ts';

/**
 * Tells a task as it goes on (contract section 7): one unnamed event for each state, the last of them the terminal one, with which
 * the stream closes. A client that leaves changes nothing for the task. One that is still here when the server has to stop
 * gets no terminal event, because there is none yet, and finds the rest by reading the task.
 */
export async function streamTask(core: Core, generation: Generation, reply: FastifyReply): Promise<void> {
  const leave = AbortSignal.any([clientGone(reply), core.stopped]);
  const stream = openEventStream(reply);
  try {
    for await (const step of follow(core, generation, leave)) {
      await stream.send(JSON.stringify(await toldState(core, step)));
    }
  } catch (error) {
    // The status line is out; what is left to do is to let the client go and read the task.
    core.log.error(
      { ...factsOf(reply.request), generation: generation.id, err: error },
      'event stream broke off',
    );
  } finally {
    stream.end();
  }
}
