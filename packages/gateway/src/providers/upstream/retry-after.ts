/** The longest wait that an upstream can impose. */
const MAX_MS = 60 * 60 * 1000;

/** The wait that an answer asks for, from `retry-after-ms` or `Retry-After` (seconds or a date, RFC 9110 section 10.2.3). */
export function retryAfterOf(
  headers: Readonly<Record<string, string>>,
  now = Date.now(),
): number | undefined {
  const exact = Number(headers['retry-after-ms']?.trim() || Number.NaN);
  const written = headers['retry-after']?.trim() ?? '';
  const seconds = written === '' ? Number.NaN : Number(written);
  const ms = [exact, seconds * 1000, Date.parse(written) - now].find((one) => Number.isFinite(one));
  return ms === undefined ? undefined : Math.min(MAX_MS, Math.max(0, Math.ceil(ms)));
}
