import type { FastifyReply } from 'fastify';

/** Proxies cut connections that are silent for a minute or less. */
const PING_MS = 15_000;

/** What an event may have beside its data. Neither may hold a line break. */
export interface EventFields {
  readonly event?: string;
  /** By which a client that comes back says what it has seen (`Last-Event-ID`). */
  readonly id?: string;
}

export interface EventStream {
  /** Sends one event. A promise when the client takes no more for now; it resolves when it does, or has gone. */
  send(data: string, fields?: EventFields): Promise<void> | undefined;
  end(): void;
}

/**
 * Answers with server-sent events: headers that were set on the reply so far, then one `data:` line for each event, and a comment
 * whenever nothing was sent for a while.
 */
export function openEventStream(reply: FastifyReply, pingMs = PING_MS): EventStream {
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
      return writable(reply);
    },
    end() {
      clearTimeout(ping);
      raw.end();
    },
  };
}

function writable({ raw }: FastifyReply): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    raw.off('drain', done);
    raw.off('close', done);
    resolve();
  };
  raw.on('drain', done);
  raw.on('close', done);
  return promise;
}

/** Fires when the client has gone before its answer was whole. */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (raw.destroyed || raw.socket?.destroyed === true) gone.abort();
  else raw.once('close', () => raw.writableFinished || gone.abort());
  return gone.signal;
}
