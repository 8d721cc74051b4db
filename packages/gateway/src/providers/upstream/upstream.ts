import type { Readable } from 'node:stream';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { GenlockError } from '../../domain/error.ts';
import type { UpstreamAnswer } from './failure.ts';
import { encodeBody, type UpstreamRequest } from './request.ts';
import { markNeverConnected, transportError } from './transport-error.ts';

export interface UpstreamOptions {
  /** For example `https://api.example.com/v1`. The operator wrote it, so it is trusted, also with a private address. */
  readonly baseUrl: string;
  /** Sent with every call; mostly the credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** The longest wait for the start of an answer, and between two pieces of it. */
  readonly timeoutMs: number;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** The call costs money: if its answer is lost, nobody knows whether the work is being done. */
  readonly paid?: boolean;
  /** Limit of the answer's body. */
  readonly maxBytes?: number;
  /** W3C trace context of the attempt. */
  readonly traceparent?: string;
}

export interface StreamedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** A server of a third party that the operator chose. */
export interface Upstream {
  readonly origin: string;
  /**
   * Returns the whole answer, whatever its status. Throws GenlockError `upstream_unavailable`, `upstream_timeout`, `upstream_failed`,
   * `upstream_invalid_result` (too large).
   */
  send(request: UpstreamRequest, options: CallOptions): Promise<UpstreamAnswer>;
  /** Returns the answer as it arrives. The body throws like `send`, and must be read or left with `return`. */
  stream(request: UpstreamRequest, options: CallOptions): Promise<StreamedAnswer>;
  close(): Promise<void>;
}

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_CONNECT_MS = 10_000;
/**
 * Further calls wait for a connection to become free, without anybody being told. So this is more than limits and file descriptors allow
 * anyway.
 */
const MAX_CONNECTIONS = 4_096;
const MAX_HEADER_BYTES = 64 * 1024;

/** Never follows a redirect: the operator has to correct the address, and neither a body nor a key may be sent where it points. */
export function createUpstream({ baseUrl, headers, timeoutMs }: UpstreamOptions): Upstream {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const agent = new Agent({
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: marking(buildConnector({ timeout: MAX_CONNECT_MS })),
  });

  const open = async (request: UpstreamRequest, options: CallOptions): Promise<Dispatcher.ResponseData> => {
    const { body, contentType } = await encodeBody(request);
    return agent.request({
      origin: base.origin,
      path: pathOf(request.path, base.origin, prefix),
      method: request.method,
      headers: {
        'accept-encoding': 'identity',
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...(options.traceparent !== undefined && { traceparent: options.traceparent }),
        ...headers,
        ...request.headers,
      },
      body,
      signal: options.signal,
    });
  };

  return {
    origin: base.origin,
    async send(request, options) {
      try {
        const answer = await open(request, options);
        const body = await readAll(answer.body, options.maxBytes ?? MAX_BYTES, options.paid === true);
        return { status: answer.statusCode, headers: flat(answer.headers), body };
      } catch (thrown) {
        throw transportError(thrown, options.paid === true);
      }
    },
    async stream(request, options) {
      try {
        const answer = await open(request, options);
        const body = pieces(answer.body, options.paid === true);
        return { status: answer.statusCode, headers: flat(answer.headers), body };
      } catch (thrown) {
        throw transportError(thrown, options.paid === true);
      }
    },
    close: () => agent.destroy(),
  };
}

function marking(connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (error === null) callback(null, socket as NonNullable<typeof socket>);
      else callback(markNeverConnected(error), null);
    });
}

function pathOf(path: string, origin: string, prefix: string): string {
  if (path.startsWith('/')) return prefix + path;
  const url = new URL(path);
  if (url.origin !== origin)
    throw new GenlockError('upstream_invalid_result', undefined, {
      raw: 'a link to another host',
      accepted: 'maybe',
    });
  return url.pathname + url.search;
}

async function readAll(stream: Readable, maxBytes: number, paid: boolean): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of pieces(stream, paid)) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new GenlockError('upstream_invalid_result', undefined, {
        raw: `more than ${maxBytes} bytes`,
        accepted: paid ? 'maybe' : 'no',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

async function* pieces(stream: Readable, paid: boolean): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (thrown) {
    throw transportError(thrown, paid);
  } finally {
    stream.destroy();
  }
}

function flat(headers: Dispatcher.ResponseData['headers']): Readonly<Record<string, string>> {
  const result: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) result[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return result;
}
