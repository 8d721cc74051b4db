/** One logical call, of which any number of requests with the same bytes can be made; only one where `once`. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal | null;
  /** Its body is a stream, which cannot be had again. */
  readonly once: boolean;
  request(headers: Headers, signal: AbortSignal): readonly [FetchInput, RequestInit];
}

export type FetchInput = Parameters<typeof fetch>[0];

/**
 * Takes a call of `fetch` apart. Its body is read once, here, so that every attempt sends the same bytes: a form keeps its boundary, and
 * what the caller changes in a buffer meanwhile is not sent.
 */
export async function snapshot(input: FetchInput, init: RequestInit = {}): Promise<Call> {
  const request = input instanceof Request ? input : undefined;
  const headers = new Headers(init.headers ?? request?.headers);
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase();
  const url = request?.url ?? String(input);
  const signal = init.signal ?? request?.signal ?? null;
  const given = init.body ?? null;
  const once = isStream(given);
  const body = once
    ? given
    : await bytesOf(given ?? (request?.body ? await request.arrayBuffer() : null), headers);
  return {
    method,
    url,
    headers,
    signal,
    once,
    // A request whose body has been read may be used again with another one.
    request: (own, until) => [
      input,
      { ...init, method, headers: own, signal: until, ...(body !== null && { body }) },
    ],
  };
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
  body: RequestInit['body'] | null,
  headers: Headers,
): Promise<string | ArrayBuffer | null> {
  if (body === null || typeof body === 'string') return body;
  const made = new Response(body);
  const type = made.headers.get('content-type');
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type);
  return made.arrayBuffer();
}
