/**
 * The one form of an origin, `https://app.example.com:8443`: lower case, no default port, no path, no trailing slash. Undefined
 * for what is no web origin, `*` and `null` among them. For lists as the operator writes them.
 */
export function parseOrigin(text: string): string | undefined {
  const match = /^(https?:\/\/[^/?#\\@\s]+)\/?$/i.exec(text);
  if (match?.[1] === undefined || !URL.canParse(match[1])) return undefined;
  return new URL(match[1]).origin;
}

/**
 * Whether a call with this `Origin` header passes a key's list (contract kiara, section 2). An empty list lets all pass. With a
 * list, a call without the header fails, unless the key says otherwise: plain back ends send none, so that is a switch per key.
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
