import type { FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../../domain/error.ts';
import type { Core } from '../../../gateway/core.ts';
import type { InlineRun } from '../../../gateway/inline/inline.ts';
import { type EventStream, openEventStream } from '../../../http/event-stream.ts';
import { noteFailure } from '../../../http/failure.ts';
import type { TextEvent } from '../../../providers/port.ts';
import { rowOf } from '../errors.ts';

const DONE = '[DONE]';

/**
 * Tells the events of a call as they come (contract section 6), each in as many server-sent events as `write` gives it. A call that
 * breaks off is told by one error event, and the stream then ends without `[DONE]`; it is settled by the time that it ends.
 */
export async function streamEvents(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  { events, over }: Pick<InlineRun, 'events' | 'over'>,
  write: (event: TextEvent) => readonly string[],
): Promise<FastifyReply> {
  const stream = openEventStream(reply, { over });
  try {
    for await (const event of events) {
      for (const data of write(event)) {
        const full = stream.send(data);
        if (full !== undefined) await full;
      }
    }
    stream.send(DONE);
  } catch (thrown) {
    tellFault(core, request, reply, stream, GenlockError.from(thrown));
  } finally {
    stream.end();
  }
  return reply;
}

function tellFault(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  stream: EventStream,
  error: GenlockError,
): void {
  if (reply.raw.destroyed) return; // it was the client who left
  const { status, code } = rowOf(error);
  noteFailure(core, request, error, status, 'stream broke off');
  stream.send(JSON.stringify({ error: code, message: error.message }));
}
