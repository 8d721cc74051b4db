/** Structured logs: an event in words, with the ids that belong to it. Never contains a key, a prompt or a caller's URL. */
export interface Log {
  debug(fields: object, event: string): void;
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
  /** Whether lines of a level are written, so that the caller can skip composing a costly line. Absent: assume that they are. */
  isOn?(level: 'debug' | 'info' | 'warn' | 'error'): boolean;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
