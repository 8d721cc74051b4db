/** An input image that cannot be decoded, or that has too many pixels for the sandbox. */
export class SourceMediaError extends Error {
  override name = 'SourceMediaError';
}

/** A worker thread ended before it answered its job. The cause is a bug or a lack of memory, never the caller's input. */
export class MediaWorkerError extends Error {
  override name = 'MediaWorkerError';
}

/** Errors cross the thread boundary as data, because structured clone keeps neither class nor `name`. */
export type WireError = { name: string; message: string; stack?: string };

export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  return stack === undefined ? { name, message } : { name, message, stack };
}

export function fromWire(wire: WireError): Error {
  const error =
    wire.name === 'SourceMediaError' ? new SourceMediaError(wire.message) : new Error(wire.message);
  error.name = wire.name;
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}
