/** One logical call, from which any number of requests with the same bytes can be made; only one if `once`. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal | null;
  /** The body is a stream, which cannot be read again. */
  readonly once: boolean;
  /** @param bare return redirects instead of following them */
  request(headers: Headers, signal: AbortSignal, bare: boolean): readonly [FetchInput, RequestInit];
}

export type FetchInput = Parameters<typeof fetch>[0];

/** The base for relative URLs, only used to check whether a call is valid. */
const ANYWHERE = 'http://localhost/';

/**
 * Takes a call of `fetch` apart. Its body is read once, here, so that every attempt sends the same bytes: a form keeps its boundary, and
 * later changes of a buffer have no effect.
 *
 * @param until aborts the reading, as does the caller's signal
 * @param absolute whether the global `fetch` sends; another function may resolve relative URLs in its own way
 * @throws TypeError for a call that `fetch` would refuse
 */
export async function snapshot(
  input: FetchInput,
  init: RequestInit = {},
  until: AbortSignal = new AbortController().signal,
  absolute = true,
): Promise<Call> {
  const request = isRequest(input) ? input : undefined;
  const headers = new Headers(init.headers ?? request?.headers);
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase();
  const url = request?.url ?? String(input);
  const signal = init.signal ?? request?.signal ?? null;
  const given = init.body ?? null;
  const once = isStream(given);
  const isGiven = given !== null || (request?.body ?? null) !== null;
  // A request only to check the call, which is thrown away. It has no bytes and does not use the caller's stream.
  const body = isGiven ? { body: once ? new ReadableStream() : '' } : {};
  new Request(absolute ? url : new URL(url, ANYWHERE), { ...init, method, headers, signal: null, ...body });
  const bytes = once
    ? given
    : await unless(signal === null ? until : AbortSignal.any([until, signal]), () =>
        bytesOf(given, request, headers),
      );
  // A Request of another `fetch` implementation is just an object to this one.
  const target = request === undefined || request instanceof Request ? input : url;
  return {
    method,
    url,
    headers,
    signal,
    once,
    // A Request whose body was read can be used again with another body.
    request: (own, ends, bare) => [
      target,
      {
        ...(target !== input && request && { redirect: request.redirect }),
        ...init,
        method,
        headers: own,
        signal: ends,
        ...(bytes !== null && { body: bytes }),
        ...(bare && { redirect: 'manual' }),
      },
    ],
  };
}

/** Also true for a Request of another realm or package, which is not an instance of this realm's class. */
function isRequest(input: FetchInput): input is Request {
  return typeof input === 'object' && 'url' in input && 'method' in input && 'headers' in input;
}

/** A body that can only be iterated once: a web stream or a Node.js stream. */
function isStream(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    (body instanceof ReadableStream || Symbol.asyncIterator in body)
  );
}

/** A copy of the body that nobody can change any more. Sets its content type unless the caller gave one. */
async function bytesOf(
  given: RequestInit['body'] | null,
  request: Request | undefined,
  headers: Headers,
): Promise<string | ArrayBuffer | null> {
  const body = given ?? (request?.body ? await request.arrayBuffer() : null);
  if (body === null || typeof body === 'string') return body;
  const made = new Response(body);
  const type = made.headers.get('content-type');
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type);
  return made.arrayBuffer();
}

/** The result of `act`, or the reason of the signal, whichever comes first. */
function unless<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    act()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}
