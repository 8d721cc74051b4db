import type { Dialect } from '../dialect.ts';

/** Repeating these changes nothing according to HTTP (RFC 9110, section 9.2.2). */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** What may be done with one logical call if it is unknown whether it arrived. */
export interface Plan {
  /** Whether the call can cost money. */
  readonly paid: boolean;
  /** Whether it may be sent again although it may have arrived. */
  readonly repeatable: boolean;
  /** The key by which the service recognises a repetition; the same for all attempts. */
  readonly idempotencyKey: string | undefined;
}

export interface Planned {
  readonly method: string;
  readonly url: string;
  /** The key that the caller gave. */
  readonly key: string | null;
}

/** @param optionalKeys whether the server is known to honour keys that its dialect leaves open */
export function planOf({ requests }: Dialect, call: Planned, optionalKeys: boolean): Plan {
  if (REPEATABLE.has(call.method)) return { paid: false, repeatable: true, idempotencyKey: undefined };
  const path = pathOf(call.url);
  if (requests.repeatable?.test(path)) return { paid: false, repeatable: true, idempotencyKey: undefined };
  const honoured = requests.keyed?.test(path) === true && (optionalKeys || requests.keysOptional !== true);
  return {
    paid: requests.paid?.test(path) ?? true,
    repeatable: honoured,
    idempotencyKey: honoured ? (call.key ?? crypto.randomUUID()) : undefined,
  };
}

/** Without the query. In a browser a URL may be relative. */
function pathOf(url: string): string {
  return /^[^?#]*/.exec(url)?.[0] ?? url;
}
