/** Longer timers fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Resolves after this many milliseconds. @throws the reason of the signal as soon as it fires */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', stop);
        resolve();
      },
      Math.min(ms, LONGEST_TIMER_MS),
    );
    signal.addEventListener('abort', stop, { once: true });
  });
}
