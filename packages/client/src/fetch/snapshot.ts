/** One logical call, of which any number of requests with the same bytes can be made; only one where `once`. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal | null;
  /** Its body is a stream, which cannot be had again. */
  readonly once: boolean;
  /** @param bare what it is answered with counts, not what a redirect leads to */
  request(headers: Headers, signal: AbortSignal, bare: boolean): readonly [FetchInput, RequestInit];
}

export type FetchInput = Parameters<typeof fetch>[0];

/** What a relative URL stands below, only to see whether the rest of a call is one. */
const ANYWHERE = 'http://localhost/';

/**
 * Takes a call of `fetch` apart. Its body is read once, here, so that every attempt sends the same bytes: a form keeps its boundary, and
 * what the caller changes in a buffer meanwhile is not sent.
 *
 * @param until ends the reading, as the caller's signal does
 * @param absolute whether what sends is the global `fetch`; another one may know what a relative URL is relative to
 * @throws TypeError for what `fetch` would not take
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
  // Without its bytes, and not through the caller's stream: this one is thrown away.
  const body = isGiven ? { body: once ? new ReadableStream() : '' } : {};
  new Request(absolute ? url : new URL(url, ANYWHERE), { ...init, method, headers, signal: null, ...body });
  const bytes = once
    ? given
    : await unless(signal === null ? until : AbortSignal.any([until, signal]), () =>
        bytesOf(given, request, headers),
      );
  // One of another `fetch` is to this one a mere object.
  const target = request === undefined || request instanceof Request ? input : url;
  return {
    method,
    url,
    headers,
    signal,
    once,
    // A request whose body has been read may be used again with another one.
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

/** Also one of another realm or package, which is no instance of this one's class. */
function isRequest(input: FetchInput): input is Request {
  return typeof input === 'object' && 'url' in input && 'method' in input && 'headers' in input;
}

/** What is read by going through it, once: a web stream, or one of Node's. */
function isStream(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    (body instanceof ReadableStream || Symbol.asyncIterator in body)
  );
}

/** A body that nobody can change any more, and its type into the headers unless the caller has named one. */
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

/** What is made of it, or the reason of the signal, whichever is first. */
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
