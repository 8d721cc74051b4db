/** The upper limit of the first wait, which doubles with each further one. */
const FIRST_MS = 500;
const HIGHEST_MS = 30_000;
/** Without a deadline, a service that asks for a longer wait than this is not waited for. */
const PATIENCE_MS = 60_000;

/**
 * How long to wait after this many failures; undefined if no answer can be expected before the deadline. Without a hint it is a random time
 * up to the limit (full jitter). A wait that the service asks for is never shortened, only lengthened a little at random.
 *
 * @param leftMs time until the deadline; undefined if there is none
 */
export function delayAfter(
  failed: number,
  hintMs: number | null,
  leftMs: number | undefined,
  random: () => number,
): number | undefined {
  const limit = leftMs ?? PATIENCE_MS;
  if (limit <= 0 || (hintMs ?? 0) >= limit) return undefined;
  // Half of the remaining time is reserved for the attempt.
  if (hintMs !== null) return Math.ceil(hintMs + random() * Math.min(FIRST_MS, (limit - hintMs) / 2));
  return Math.ceil(random() * Math.min(HIGHEST_MS, FIRST_MS * 2 ** (failed - 1), limit / 2));
}
