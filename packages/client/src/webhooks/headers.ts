export type HeadersLike = ConstructorParameters<typeof Headers>[0];

/** Reads headers and leaves out invalid names such as `:method`, which Node adds with HTTP/2. Never throws. */
export function readHeaders(given: HeadersLike): Headers {
  const headers = new Headers();
  const pairs = Symbol.iterator in Object(given) ? given : Object.entries(given ?? {});
  for (const [name, value] of pairs as Iterable<[string, string]>) {
    try {
      headers.append(name, value);
    } catch {
      // Not one of the headers that are read.
    }
  }
  return headers;
}
