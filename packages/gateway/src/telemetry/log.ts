/** Structured logs: an event in words and the ids that belong to it. Never a key, a prompt or a caller's URL. */
export interface Log {
  debug(fields: object, event: string): void;
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
  /** Whether lines of a level are written, for who would have to go to some length for one; absent: they may be. */
  isOn?(level: 'debug' | 'info' | 'warn' | 'error'): boolean;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
