/** Ends a command with exit code 1 and a message for a person, of one or several lines. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

/** Ends the text with a full stop unless it already has one. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What went wrong: the message of an error. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
