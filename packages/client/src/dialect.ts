import type { CanonicalCode, Retry } from '@genlock/contracts';
import type { DialectName } from './error.ts';
import type { JsonObject } from './json.ts';

/** What a wire code means; with the retry where the dialect's table differs from the canonical code's own. */
export type Reading = CanonicalCode | readonly [CanonicalCode, Retry];

/** By wire code, or by `code@status` where a code has several statuses of different meaning. */
export type Readings = Readonly<Record<string, Reading>>;

/** What stands in an error body or a failed job, unjudged. */
export interface WireError {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly param?: string | undefined;
  readonly requestId?: string | undefined;
  readonly generationId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Of a failed job: whether its work was, or may have been, charged although it failed. */
  readonly charged?: boolean;
}

/** Which POSTs cost money, and which of them may be sent again. Paths are matched at their end: a base URL may have any prefix. */
export interface RequestRules {
  /** POSTs that cost nothing and may be repeated. */
  readonly repeatable?: RegExp;
  /** POSTs that cost money; every one that is not `repeatable` where this is absent. */
  readonly paid?: RegExp;
  /** POSTs of which the service makes one, however often they come with the same `Idempotency-Key`. */
  readonly keyed?: RegExp;
  /** Only some servers honour the keys (Genlock does, the vendor does not say): they are used when the caller knows. */
  readonly keysOptional?: boolean;
}

/** All that this package knows of one API. One file each, so that a program that uses one carries one. */
export interface Dialect<D extends DialectName = DialectName> {
  readonly name: D;
  readonly responses: Readings;
  readonly jobs: Readings;
  /** 5xx rows (`code@status`) that are told before any work began, so that the request may be sent again even without a key. */
  readonly refusals?: readonly string[];
  /** An error in this dialect's form, with any status, means that nothing was charged. */
  readonly errorsAreFree?: boolean;
  /** Undefined for what is not in the form of this dialect's errors. */
  readError(body: JsonObject, status: number): WireError | undefined;
  /** The failure in an object of a 200, an event of a stream or a webhook; undefined where it tells none. */
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
