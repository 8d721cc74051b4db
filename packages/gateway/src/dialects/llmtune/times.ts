/** RFC 3339 in UTC with milliseconds, as in the contract's samples. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function optionalTime(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
