import type { FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../../domain/error.ts';
import type { Core } from '../../../gateway/core.ts';
import type { InlineRun } from '../../../gateway/inline/inline.ts';
import { openEventStream } from '../../../http/event-stream.ts';
import { noteFailure } from '../../../http/failure.ts';
import type { TextEvent } from '../../../providers/port.ts';
import { renderError } from '../errors.ts';

/**
 * Sends the events of a call as they come; `write` turns each into any number of `data:` lines. The stream ends with `[DONE]` (contract
 * section 11). If the call breaks off, an error object is sent instead: a client that reads until `[DONE]` must not take half an answer for
 * a whole one.
 */
export async function streamEvents(
  core: Core,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  { events, over }: Pick<InlineRun, 'events' | 'over'>,
  write: (event: TextEvent) => readonly object[],
): Promise<FastifyReply> {
  const stream = openEventStream(reply, { over });
  try {
    for await (const event of events) {
      for (const data of write(event)) {
        const full = stream.send(JSON.stringify(data));
        if (full !== undefined) await full;
      }
    }
    stream.send('[DONE]');
  } catch (thrown) {
    const error = GenlockError.from(thrown);
    if (!reply.raw.destroyed) {
      const fault = renderError(error, request.id, { place: 'inference' });
      noteFailure(core, request, error, fault.status, 'stream broke off');
      stream.send(fault.body);
    }
  } finally {
    stream.end();
  }
  return reply;
}
