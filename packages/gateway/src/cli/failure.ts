/** Ends a command with a line (or several) for a person to read, and exit code 1. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

/** With its full stop, so that another can follow. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What went wrong, in one line where it is not already written for people. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
