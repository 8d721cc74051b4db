/**
 * Parses an RFC 3339 time, or a day in UTC, to milliseconds since 1970; NaN if there is no such time. `Date.parse` alone would take 30
 * February for 2 March.
 */
export function timeOf(text: string): number {
  const day = text.slice(0, 'YYYY-MM-DD'.length);
  const start = Date.parse(day);
  const exists = !Number.isNaN(start) && new Date(start).toISOString().startsWith(day);
  return exists ? Date.parse(text) : Number.NaN;
}
