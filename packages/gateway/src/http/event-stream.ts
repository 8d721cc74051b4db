import type { FastifyReply } from 'fastify';

/** Must be shorter than a minute, because proxies cut silent connections after a minute or less. */
const PING_MS = 15_000;

/** The optional fields of an event. Neither may contain a line break. */
export interface EventFields {
  readonly event?: string;
  /** With `Last-Event-ID` a client that reconnects tells the last id that it saw. */
  readonly id?: string;
}

export interface EventStreamOptions {
  /** After this time without an event a comment is sent. */
  readonly pingMs?: number;
  /** Once it fires, nothing waits for a client that does not read. */
  readonly over?: AbortSignal;
}

export interface EventStream {
  /**
   * Sends one event. Returns a promise if the client's buffer is full; it resolves when the client takes more, has gone, or is no longer
   * waited for.
   */
  send(data: string, fields?: EventFields): Promise<void> | undefined;
  end(): void;
}

/**
 * Answers with server-sent events: the headers set on the reply so far, then one `data:` line for each event, and a comment whenever
 * nothing was sent for `pingMs` milliseconds.
 */
export function openEventStream(
  reply: FastifyReply,
  { pingMs = PING_MS, over }: EventStreamOptions = {},
): EventStream {
  const { raw } = reply;
  reply.request.exchange?.streaming();
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  const ping = setTimeout(() => {
    if (raw.writableNeedDrain !== true) raw.write(': ping\n\n');
    ping.refresh();
  }, pingMs);
  raw.once('close', () => clearTimeout(ping));

  return {
    send(data, { event, id } = {}) {
      ping.refresh();
      const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`;
      if (raw.destroyed || raw.write(`${head}data: ${data}\n\n`)) return undefined;
      return writable(reply, over);
    },
    end() {
      clearTimeout(ping);
      raw.end();
    },
  };
}

function writable({ raw }: FastifyReply, over: AbortSignal | undefined): Promise<void> | undefined {
  if (over?.aborted === true) return undefined;
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    raw.off('drain', done);
    raw.off('close', done);
    over?.removeEventListener('abort', done);
    resolve();
  };
  raw.on('drain', done);
  raw.on('close', done);
  over?.addEventListener('abort', done);
  return promise;
}

/** Fires if the client leaves before its answer is complete. */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (raw.destroyed || raw.socket?.destroyed === true) gone.abort();
  else raw.once('close', () => raw.writableFinished || gone.abort());
  return gone.signal;
}
