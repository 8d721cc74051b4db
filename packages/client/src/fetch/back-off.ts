/** The ceiling of the first wait; each later one is twice as high. */
const FIRST_MS = 500;
const HIGHEST_MS = 30_000;
/** Without a deadline nobody waits longer than this for a service that asks for more. */
const PATIENCE_MS = 60_000;

/**
 * How long to wait after so many failed attempts; undefined where it is not worth it: before the deadline there will be no answer.
 * Without a hint anything up to the ceiling (full jitter); what a service asks for is never cut short, only spread a little.
 *
 * @param leftMs until the deadline; undefined where there is none
 */
export function delayAfter(
  failed: number,
  hintMs: number | null,
  leftMs: number | undefined,
  random: () => number,
): number | undefined {
  const limit = leftMs ?? PATIENCE_MS;
  if (limit <= 0 || (hintMs ?? 0) >= limit) return undefined;
  // Half of what is left is kept for the attempt.
  if (hintMs !== null) return Math.ceil(hintMs + random() * Math.min(FIRST_MS, (limit - hintMs) / 2));
  return Math.ceil(random() * Math.min(HIGHEST_MS, FIRST_MS * 2 ** (failed - 1), limit / 2));
}
