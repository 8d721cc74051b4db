/** Tells somebody who must not be able to fail a call that may be paid: what is thrown, at once or by a promise, is ignored. */
export function quietly(tell: () => unknown): void {
  try {
    Promise.resolve(tell()).catch(() => undefined);
  } catch {
    // As above.
  }
}
