import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { GenlockError } from '../domain/error.ts';
import type { Core } from '../gateway/core.ts';
import { newId } from '../gateway/ids.ts';
import { acceptRawBodies } from './json-body.ts';
import type { DialectModule, WireReply } from './module.ts';
import { observeCalls } from './observe-calls.ts';
import { renderProblem } from './problem.ts';
import { sendProblem, sendReply } from './send.ts';
import { endStalled } from './stalled.ts';

/** Limits on what a client may send before a route decides. Routes that take files raise the body limit for themselves. */
const MAX_BODY_BYTES = 256 * 1024;
const REQUEST_TIMEOUT_MS = 300_000;
const HEADERS_TIMEOUT_MS = 30_000;
/** Any text that fits into a request line may be an id; it is then simply unknown. */
const MAX_PARAM_LENGTH = 65_536;

/** The response under way on a connection. */
const ANSWERING = Symbol('answering');
type AnsweringSocket = Socket & { [ANSWERING]?: ServerResponse };

/** Node adds the bytes that it could not parse to the error. */
type BrokenHttp = Error & { readonly code?: string; readonly rawPacket?: Buffer };

export interface AppOptions {
  readonly core: Core;
  readonly modules: readonly DialectModule[];
}

/**
 * A URL with percent signs that cannot be decoded names nothing, but is treated like any other: it passes key and limit first and is then
 * not found.
 */
function decodable(url: string): string {
  if (!url.includes('%')) return url;
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return path.replaceAll('%', '%25') + (query === -1 ? '' : url.slice(query));
  }
}

/** The request target may be a whole URL. Its host then replaces that of the header (RFC 9112, 3.2.2). */
function targetOf(target: string): { readonly path: string; readonly host?: string } {
  if (target.startsWith('/')) return { path: target };
  const [, host, rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  if (host === undefined) return { path: target };
  return { host, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/**
 * The HTTP server: dialects below their mounts, or at the root of a host name of their own. Any error below a mount, including broken HTTP,
 * is answered in that dialect's shape; elsewhere as problem details.
 */
export async function createApp({ core, modules }: AppOptions): Promise<FastifyInstance> {
  const mountOf = (url: string): DialectModule | undefined =>
    modules.find(({ mount }) => url === mount || url.startsWith(`${mount}/`) || url.startsWith(`${mount}?`));

  /** A host name may stand for one dialect; the rest of the server does not exist on that host. */
  const rewriteUrl = (request: { url?: string | undefined; headers: IncomingMessage['headers'] }): string => {
    const { path, host = request.headers.host ?? '' } = targetOf(request.url ?? '/');
    const url = decodable(path);
    const hosts = core.config().hosts;
    if (hosts.size === 0) return url;
    const name = host.replace(/:\d+$/, '').toLowerCase();
    const target = hosts.get(name);
    const module = target && modules.find(({ dialect }) => dialect.name === target.dialect);
    // Links from before the host was configured contain the mount; they stay valid.
    if (module === undefined || mountOf(url) === module) return url;
    return module.mount + (url.startsWith('/') ? url : `/${url}`);
  };

  const renderFor = (url: string, error: GenlockError, requestId: string): WireReply =>
    mountOf(url)?.renderFault(error, requestId, url) ?? renderProblem(error, requestId);

  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, ignoreTrailingSlash: false },
    exposeHeadRoutes: false,
    // Node answers a request without Host by itself and without a body. Nothing here needs the header.
    http: { requireHostHeader: false },
    genReqId: () => newId('req_', core.now()),
    rewriteUrl,
    // For URLs that cannot be decoded and the like: there is no route, and no hook has run.
    frameworkErrors: (_error, request, reply) => {
      const fault = renderFor(request.raw.url ?? '/', new GenlockError('route_not_found'), request.id);
      sendReply(reply as FastifyReply, fault);
    },
    clientErrorHandler: (error, socket) => answerBrokenHttp(error as unknown as BrokenHttp, socket),
  });
  app.server.headersTimeout = HEADERS_TIMEOUT_MS;
  endStalled(app.server);

  /** Answers bytes that never became a request. At most the path and the host are known. */
  function answerBrokenHttp(error: BrokenHttp, socket: AnsweringSocket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    core.metrics.httpRequests.of('none', '(broken)', '4xx').add();
    const head = error.rawPacket?.toString('latin1', 0, 8192) ?? '';
    const [, method, requested] = /^([A-Z-]+) (\S+)/i.exec(head) ?? [];
    const open = socket[ANSWERING];
    if (requested === undefined && open !== undefined) {
      // The error is in the body of a request that was accepted. It is answered through that request's response, unless that has been sent
      // already.
      if (open.writableEnded) socket.destroy();
      else
        endWith(
          socket,
          renderFor(open.req.url ?? '/', brokenHttp(), newId('req_', core.now())),
          'Bad Request',
        );
      return;
    }
    const url = requested ?? '/';
    const host = /\r\nhost:[ \t]*([^\r\n]*)/i.exec(head)?.[1]?.trim();
    const path = rewriteUrl({
      url: /^(?:\/|https?:)/i.test(url) ? url : '/',
      headers: host === undefined ? {} : { host },
    });
    const fault = renderFor(path, brokenHttp(), newId('req_', core.now()));
    endWith(
      socket,
      method === 'HEAD' ? { ...fault, body: '' } : fault,
      error.code === 'HPE_HEADER_OVERFLOW' ? 'Headers Too Large' : 'Bad Request',
    );
  }

  app.server.on('request', ({ socket }: { socket: AnsweringSocket }, response: ServerResponse) => {
    socket[ANSWERING] = response;
  });
  // A refused body is read to its end and discarded: if the connection were closed while the client sends, it would not see the answer.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (reply.statusCode >= 400) reply.removeHeader('connection');
    done();
  });

  observeCalls(app, core, (url) => mountOf(url)?.dialect.name);

  // Otherwise Node would answer `Expect: nonsense` by itself, in no dialect's shape.
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    app.server.emit('request', request, response),
  );

  // Outside all routes, any body is accepted, so that its type causes no other error than "not found".
  acceptRawBodies(app);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(core, request, reply, new GenlockError('route_not_found')),
  );
  app.setErrorHandler((thrown, request, reply) => sendProblem(core, request, reply, thrown));

  // HEAD too, because tools that wait for a server to start use it.
  const probe = { method: ['GET', 'HEAD'] };
  app.route({ ...probe, url: '/healthz', handler: () => ({ status: 'ok' }) });
  app.route({
    ...probe,
    url: '/readyz',
    handler: (_request, reply) => {
      if (core.draining()) return reply.code(503).send({ status: 'draining' });
      return { status: 'ready' };
    },
  });
  for (const module of modules) await app.register(module.routes({ core }), { prefix: module.mount });
  return app;
}

function brokenHttp(): GenlockError {
  return new GenlockError('malformed_request', 'The HTTP request could not be read.');
}

/** Writes an answer directly to a socket that has no response object, and ends the connection. */
function endWith(socket: Socket, { status, headers, body }: WireReply, phrase: string): void {
  const all = { ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${phrase}\r\n${lines.join('')}\r\n${body}`);
}
