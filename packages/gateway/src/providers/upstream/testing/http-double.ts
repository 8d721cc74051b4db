import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../../../testing/listen.ts';

/** One request as it came, read to its end. */
export interface Seen {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are asserted on, not relied on
  readonly json: any;
  form(): Promise<FormData>;
}

/** The double's reaction to a request. */
export type Act =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Objects are sent as JSON. */
      readonly body?: string | Uint8Array | object;
    }
  /** Breaks the connection once the request was read. */
  | 'drop'
  /** Never answers. */
  | 'hang'
  /** An answer in several pieces: `drop` breaks the connection at that point, and promises are awaited. */
  | {
      readonly pieces: readonly (string | Uint8Array | 'drop' | Promise<unknown>)[];
      readonly headers?: Readonly<Record<string, string>>;
    };

export interface HttpDouble {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** How often a route such as `POST /images/generations` was called. */
  count(route: string): number;
  /** Reactions to the next calls of a route in place of the usual answer, one each; undefined: the usual answer. */
  script(route: string, ...acts: readonly (Act | ((seen: Seen) => Act) | undefined)[]): void;
  /** Resolves when a route has been called this often. */
  called(route: string, times: number): Promise<void>;
  close(): Promise<void>;
}

/** A server on loopback that stands for a paid one. `answer` is its usual behaviour. */
export async function startHttpDouble(answer: (seen: Seen) => Act | Promise<Act>): Promise<HttpDouble> {
  const seen: Seen[] = [];
  const scripts = new Map<string, (Act | ((seen: Seen) => Act) | undefined)[]>();
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const one = await read(request);
    seen.push(one);
    for (const look of waiting) look();
    const scripted = scripts.get(`${one.method} ${one.path}`)?.shift();
    const act = typeof scripted === 'function' ? scripted(one) : (scripted ?? (await answer(one)));
    await perform(act, response);
  });
  const url = await listen(server);
  const count = (route: string) => seen.filter(({ method, path }) => route === `${method} ${path}`).length;

  return {
    url,
    seen,
    count,
    script: (route, ...acts) => void scripts.set(route, [...(scripts.get(route) ?? []), ...acts]),
    called: (route, times) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        if (count(route) >= times) resolve();
      };
      waiting.add(look);
      look();
      return promise.finally(() => waiting.delete(look));
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function read(request: IncomingMessage): Promise<Seen> {
  const body = Buffer.concat(await request.toArray());
  const type = request.headers['content-type'] ?? '';
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://double');
  return {
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body,
    json: type.startsWith('application/json') ? JSON.parse(body.toString()) : undefined,
    form: () => new Response(body, { headers: { 'content-type': type } }).formData(),
  };
}

async function perform(act: Act, response: ServerResponse): Promise<void> {
  if (act === 'hang') return;
  if (act === 'drop') return void response.destroy();
  if ('pieces' in act) {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...act.headers });
    for (const piece of act.pieces) {
      if (piece === 'drop') return void response.destroy();
      if (piece instanceof Promise) await piece;
      else await new Promise((written) => response.write(piece, written));
    }
    return void response.end();
  }
  const { status = 200, headers = {}, body = '' } = act;
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  response.writeHead(status, { ...(!raw && { 'content-type': 'application/json' }), ...headers });
  response.end(raw ? body : JSON.stringify(body));
}
