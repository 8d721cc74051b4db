import type { CanonicalCode, Retry } from '@genlock/contracts';
import type { DialectName } from './error.ts';
import type { JsonObject } from './json.ts';

/** The meaning of a wire code, with the retry if the dialect's table differs from the canonical code. */
export type Reading = CanonicalCode | readonly [CanonicalCode, Retry];

/** By wire code, or by `code@status` if a code has several statuses with different meanings. */
export type Readings = Readonly<Record<string, Reading>>;

/** The content of an error body or a failed job, not yet interpreted. */
export interface WireError {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly param?: string | undefined;
  readonly requestId?: string | undefined;
  readonly generationId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** For a failed job: whether its work was, or may have been, charged although it failed. */
  readonly charged?: boolean;
}

/** Which POSTs cost money, and which may be sent again. Patterns match the end of the path, because a base URL may have any prefix. */
export interface RequestRules {
  /** POSTs that cost nothing and may be repeated. */
  readonly repeatable?: RegExp;
  /** POSTs that cost money; if absent, all that are not `repeatable`. */
  readonly paid?: RegExp;
  /** POSTs for which the service makes one object, however often they arrive with the same `Idempotency-Key`. */
  readonly keyed?: RegExp;
  /** Only some servers honour the keys (Genlock does, the vendor does not say), so they are used only if the caller says so. */
  readonly keysOptional?: boolean;
}

/** Everything that this package knows of one API. Each is a separate file, so that a program that uses one API loads only that. */
export interface Dialect<D extends DialectName = DialectName> {
  readonly name: D;
  readonly responses: Readings;
  readonly jobs: Readings;
  /** 5xx rows (`code@status`) that are only sent before work has begun, so the request may be sent again even without a key. */
  readonly refusals?: readonly string[];
  /** An error in this dialect's form, whatever its status, means that nothing was charged. */
  readonly errorsAreFree?: boolean;
  /** Undefined for anything that does not have the form of this dialect's errors. */
  readError(body: JsonObject, status: number): WireError | undefined;
  /** The failure in the object of a 200, an event of a stream or a webhook; undefined if there is none. */
  readFailure(value: JsonObject): WireError | undefined;
  readonly requests: RequestRules;
}

export function readingOf(
  readings: Readings,
  code: string | undefined,
  status?: number,
): readonly [CanonicalCode, Retry?] | undefined {
  if (code === undefined) return undefined;
  const narrow = `${code}@${status}`;
  const key = Object.hasOwn(readings, narrow) ? narrow : code;
  const reading = Object.hasOwn(readings, key) ? readings[key] : undefined;
  return typeof reading === 'string' ? [reading] : reading;
}
