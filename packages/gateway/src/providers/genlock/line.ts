import type { DialectName } from '@genlock/client';
import type { ProviderCall } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import type { UpstreamAnswer } from '../upstream/failure.ts';
import { orderOptions } from '../upstream/order.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import { openUpstream } from '../upstream/settings.ts';
import type { StreamedAnswer, Upstream } from '../upstream/upstream.ts';
import { faultOf } from './failures.ts';
import type { Settings } from './settings.ts';
import { openUploads, type Uploads } from './uploads.ts';

/** How to reach a server that speaks a contract. */
export interface Access {
  readonly dialect: DialectName;
  /** The time limit of an order, if it is longer than usual. */
  readonly timeout?: string;
  credentials(apiKey: string): Readonly<Record<string, string>>;
}

/** The connection to one server that speaks a contract. */
export interface Line {
  readonly settings: Settings;
  readonly dialect: DialectName;
  readonly tools: ProviderTools;
  readonly upstream: Upstream;
  readonly uploads: Uploads;
  /** Orders work. @throws GenlockError with the error's meaning on this side unless it is a success */
  order(request: UpstreamRequest, call: ProviderCall): Promise<UpstreamAnswer>;
  /** The same, with a streamed answer. */
  stream(request: UpstreamRequest, call: ProviderCall): Promise<StreamedAnswer>;
  /** A request that costs nothing and may be repeated. @throws as `order` */
  ask(
    request: UpstreamRequest,
    options: Pick<ProviderCall, 'signal' | 'traceparent'>,
  ): Promise<UpstreamAnswer>;
  /** The absolute URL of a path below the base URL. */
  url(path: string): string;
  close(): Promise<void>;
}

/** Longer than the server holds any poll. */
const LOOK_TIMEOUT = '30s';

/** Opens the connection, and a second one for requests that may be repeated. */
export function openLine(access: Access, settings: Settings, tools: ProviderTools): Line {
  const { base_url, api_key } = settings;
  const credentials = access.credentials(api_key);
  const { dialect, timeout } = access;
  const upstream = openUpstream(
    { ...(timeout !== undefined && { timeout }), ...settings },
    base_url,
    credentials,
  );
  // The server may hold polls, which must not keep orders waiting for a connection.
  const looks = openUpstream({ ...settings, timeout: LOOK_TIMEOUT }, base_url, credentials);
  const succeeded = ({ status }: Pick<UpstreamAnswer, 'status'>): boolean => status >= 200 && status <= 299;

  return {
    ...{ settings, dialect, tools, upstream, uploads: openUploads() },
    async order(request, call) {
      const answer = await upstream.send(request, orderOptions(call));
      if (!succeeded(answer)) throw faultOf(dialect, answer, true);
      return answer;
    },
    async stream(request, call) {
      const answer = await upstream.stream(request, orderOptions(call));
      if (!succeeded(answer)) throw faultOf(dialect, { ...answer, body: await whole(answer.body) }, true);
      return answer;
    },
    async ask(request, { signal, traceparent }) {
      const options = { signal, ...(traceparent !== undefined && { traceparent }) };
      const answer = await looks.send(request, options);
      if (!succeeded(answer)) throw faultOf(dialect, answer, false);
      return answer;
    },
    url: (path) => base_url.replace(/\/+$/, '') + path,
    close: async () => {
      await Promise.all([upstream.close(), looks.close()]);
    },
  };
}

/** Errors, and answers in place of a stream, are never longer. */
const MAX_WHOLE = 1024 * 1024;

/** Reads a body to its end and returns as much of it as fits. */
export async function whole(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MAX_WHOLE) break;
  }
  return Buffer.concat(pieces);
}
