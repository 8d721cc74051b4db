export type Check = 'node' | 'data' | 'secrets' | 'config' | 'disk' | 'database' | 'ledger' | 'files';

/** `note`: worth knowing, but nothing is broken. */
export type Level = 'ok' | 'note' | 'problem';

export interface Finding {
  readonly check: Check;
  readonly level: Level;
  readonly message: string;
  /** Repairs it without losing anything, and returns what it did. */
  readonly repair?: () => Promise<string> | string;
}

export function fine(check: Check, message: string): Finding {
  return { check, level: 'ok', message };
}

export function problem(check: Check, message: string, repair?: Finding['repair']): Finding {
  return { check, level: 'problem', message, ...(repair && { repair }) };
}

export function note(check: Check, message: string, repair?: Finding['repair']): Finding {
  return { check, level: 'note', message, ...(repair && { repair }) };
}
