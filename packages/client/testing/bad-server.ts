import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

/** How a server answers one request. `pay` books the work; if keys are honoured, once for each key. */
export type Behaviour = (response: ServerResponse, pay: () => void, request: IncomingMessage) => void;

export interface BadServer {
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** How often the work was paid. */
  paid(): number;
  /** Sets the behaviour for the next requests, one each; after them it pays and answers normally. Resets the counters. */
  next(...behaviours: readonly Behaviour[]): void;
  /** Closes this many of the next connections before reading anything. */
  closeNext(connections: number): void;
  close(): Promise<void>;
}

/** A server on loopback that misbehaves as told, and counts. Without `keys` it ignores `Idempotency-Key`. */
export async function startBadServer({ keys: honoured = true } = {}): Promise<BadServer> {
  let arrivals: Arrival[] = [];
  let behaviours: Behaviour[] = [];
  let keys = new Set<string>();
  let keyless = 0;
  let closing = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => undefined);
    // The client left before its order was read, so it does not count as an arrival.
    if (body === undefined) return;
    const key = request.headers['idempotency-key'];
    const told = typeof key === 'string' ? key : undefined;
    arrivals.push({
      method: request.method ?? '',
      path: request.url ?? '',
      key: told,
      type: request.headers['content-type'],
      body,
    });
    const pay = () => {
      if (told === undefined || !honoured) keyless += 1;
      else keys.add(told);
    };
    (behaviours.shift() ?? well)(response, pay, request);
  });
  server.on('connection', (socket) => {
    closing -= 1;
    if (closing >= 0) socket.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get arrivals() {
      return arrivals;
    },
    paid: () => keyless + keys.size,
    next(...told) {
      arrivals = [];
      keys = new Set();
      keyless = 0;
      behaviours = [...told];
      closing = 0;
    },
    closeNext(connections) {
      closing = connections;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const DONE = JSON.stringify({ id: 'gen_1', status: 'completed' });
const JSON_TYPE = { 'content-type': 'application/json' };

export const well: Behaviour = (response, pay) => {
  pay();
  response.writeHead(200, JSON_TYPE).end(DONE);
};

/** Does the work and breaks the connection without a byte of answer. */
export const dropAfterWork: Behaviour = (response, pay) => {
  pay();
  response.destroy();
};

/** Breaks the connection without doing the work, which looks the same to the client. */
export const drop: Behaviour = (response) => {
  response.destroy();
};

/** Does the work, and breaks off in the middle of the answer. */
export const truncate: Behaviour = (response, pay) => {
  pay();
  response.writeHead(200, { ...JSON_TYPE, 'content-length': DONE.length });
  response.write(DONE.slice(0, 9), () => response.destroy());
};

/** Does the work and never answers. */
export const hang: Behaviour = (_response, pay) => pay();

/** An answer that is an error. */
export function refuse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  return (response) => {
    const type = typeof body === 'string' ? { 'content-type': 'text/html' } : JSON_TYPE;
    response
      .writeHead(status, { ...type, ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** The same from a server that had done the work before it failed. */
export function refuseAfterWork(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  const answer = refuse(status, body, headers);
  return (response, pay, request) => {
    pay();
    answer(response, pay, request);
  };
}
