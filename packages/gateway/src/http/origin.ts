/**
 * The canonical form of an origin, `https://app.example.com:8443`: lower case, no default port, no path, no trailing slash. Undefined for
 * anything that is not a web origin, `*` and `null` included. For the lists that the operator writes.
 */
export function parseOrigin(text: string): string | undefined {
  const match = /^(https?:\/\/[^/?#\\@\s]+)\/?$/i.exec(text);
  if (match?.[1] === undefined || !URL.canParse(match[1])) return undefined;
  return new URL(match[1]).origin;
}

/**
 * Whether a call with this `Origin` header passes a key's list (contract kiara, section 2). An empty list lets everything pass. With a
 * list, a call without the header fails unless the key allows it: servers send no such header, so each key has a switch for that.
 */
export function originAllowed(
  origin: string | undefined,
  allowed: readonly string[],
  { allowMissing = false }: { readonly allowMissing?: boolean } = {},
): boolean {
  if (allowed.length === 0) return true;
  if (origin === undefined) return allowMissing;
  const wanted = origin.toLowerCase();
  return allowed.some((entry) => (parseOrigin(entry) ?? entry) === wanted);
}
