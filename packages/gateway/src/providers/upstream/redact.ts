/** Long enough for an error body, short enough for a database row. */
const MAX_RAW = 2_000;

/** Forms of credentials that upstreams repeat in their errors, in full or with asterisks in the middle. */
const CREDENTIALS = [
  /\b(?:sk|pk|r8|rk|fal|key|api)[-_][A-Za-z0-9_*.-]{6,}/g,
  /\bBearer\s+[^\s"']+/gi,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+/g,
  /([?&][^=&\s"']*(?:sig|signature|token|key|credential|secret)[^=&\s"']*=)[^&\s"']+/gi,
];

/** Shorter texts occur in any text by chance. */
const MIN_TOLD = 8;

/** What an upstream said, for the operator: without credentials, and without what callers wrote (`told`), which upstreams often repeat. */
export function redact(text: string, secrets: readonly string[], told: readonly string[] = []): string {
  let plain = text;
  for (const secret of secrets) if (secret !== '') plain = plain.replaceAll(secret, '[secret]');
  for (const words of told) {
    if (words.length < MIN_TOLD) continue;
    plain = plain.replaceAll(words, '[input]').replaceAll(JSON.stringify(words).slice(1, -1), '[input]');
  }
  for (const shape of CREDENTIALS)
    plain = plain.replace(
      shape,
      (_whole, kept: unknown) => `${typeof kept === 'string' ? kept : ''}[secret]`,
    );
  return plain.slice(0, MAX_RAW);
}
