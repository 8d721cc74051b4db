export type HeadersLike = ConstructorParameters<typeof Headers>[0];

/** What can be a header: names such as `:method`, which HTTP/2 adds to the others in Node, are left out. Never throws. */
export function readHeaders(given: HeadersLike): Headers {
  const headers = new Headers();
  const pairs = Symbol.iterator in Object(given) ? given : Object.entries(given ?? {});
  for (const [name, value] of pairs as Iterable<[string, string]>) {
    try {
      headers.append(name, value);
    } catch {
      // Nothing that is looked for.
    }
  }
  return headers;
}
