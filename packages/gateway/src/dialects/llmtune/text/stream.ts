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
 * Sends the events of a call as they come (contract section 6); `write` turns each into any number of server-sent events. If the call
 * breaks off, one error event is sent, and the stream ends without `[DONE]`. When the stream ends, the call is settled.
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
  if (reply.raw.destroyed) return; // the client left
  const { status, code } = rowOf(error);
  noteFailure(core, request, error, status, 'stream broke off');
  stream.send(JSON.stringify({ error: code, message: error.message }));
}
