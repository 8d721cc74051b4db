import type { FastifyInstance } from 'fastify';
import { isTerminal } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { watch } from '../../gateway/waiting/watch.ts';
import { callerOf } from '../../http/caller.ts';
import { clientGone, openEventStream } from '../../http/event-stream.ts';
import { factsOf } from '../../http/failure.ts';
import { whole } from './generation-view.ts';
import { eventsAfter, LAST, placeOf } from './progress-events.ts';
import { ownGeneration } from './visible.ts';

/**
 * The life of a generation as server-sent events, from its beginning or after `Last-Event-ID`, until it has ended. A client that has
 * already seen the end gets 204, which tells browsers to stop reconnecting.
 */
export function eventRoutes(scope: FastifyInstance, core: Core): void {
  scope.get<{ Params: { id: string } }>('/generations/:id/events', async (request, reply) => {
    const generation = await ownGeneration(core, callerOf(request), request.params.id);
    const header = request.headers['last-event-id'];
    let seen = placeOf(typeof header === 'string' ? header : undefined);
    if (seen.step === Number(LAST) && isTerminal(generation.status)) return reply.code(204).send();

    const until = AbortSignal.any([core.stopped, clientGone(reply)]);
    const stream = openEventStream(reply);
    try {
      for await (const now of watch(core, generation.id, until)) {
        for (const { id, event, data } of eventsAfter(seen, now)) {
          await stream.send(JSON.stringify(data ?? (await whole(core, now))), { id, event });
          seen = placeOf(id);
        }
      }
    } catch (error) {
      // The client reconnects with the last id that it saw, and gets the rest.
      core.log.warn({ ...factsOf(request), generation: generation.id, err: error }, 'event stream broke off');
    } finally {
      stream.end();
    }
    return reply;
  });
}
