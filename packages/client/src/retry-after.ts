/**
 * The wait in milliseconds, from the most precise header that can be read among those that clients of these APIs know. Never negative,
 * never NaN.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  return delay(headers.get('retry-after-ms'), 1) ?? readRetryAfter(headers.get('retry-after'), nowMs);
}

/** RFC 9110, section 10.2.3: seconds (some services send a fraction) or a date. */
function readRetryAfter(value: string | null, nowMs: number): number | undefined {
  const seconds = delay(value, 1000);
  // No date is longer, and the pattern below takes disproportionately long on long texts.
  if (seconds !== undefined || value === null || value.length > 64) return seconds;
  // Every form of a date has a letter and a time; `Date.parse` alone would read "-5" as the year 2001.
  const at = /[a-z].*\d:\d/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

function delay(value: string | null, unitMs: number): number | undefined {
  return value !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(value)
    ? Math.min(Math.ceil(Number(value) * unitMs), Number.MAX_SAFE_INTEGER)
    : undefined;
}

/** A wait in a body, in seconds, as a number or as digits. */
export function hintMs(seconds: unknown): number | undefined {
  return delay(String(seconds), 1000);
}
