/** Calls a callback that must not be able to fail a paid call: its errors are ignored, synchronous or asynchronous. */
export function quietly(tell: () => unknown): void {
  try {
    Promise.resolve(tell()).catch(() => undefined);
  } catch {
    // Ignored, as above.
  }
}
