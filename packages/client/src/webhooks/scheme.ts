import type { Dialect } from '../dialect.ts';
import type { DialectName, GenerationError } from '../error.ts';
import type { JsonObject } from '../json.ts';
import type { Bytes } from './hmac.ts';

/**
 * Why a delivery cannot be trusted. Answer 401 to the first three and 400 to the next two. The last one is a mistake in the receiving
 * program: it has parsed the body, or not read it, so nothing can be verified.
 */
export type Refusal =
  | 'signature_missing'
  | 'signature_wrong'
  | 'too_old'
  | 'header_malformed'
  | 'body_malformed'
  | 'body_not_raw';

/** The job's state, in one vocabulary for all services; null if the event is about something else. */
export type State = 'created' | 'started' | 'succeeded' | 'failed' | 'canceled' | null;

/** A verified event. */
export interface WebhookEvent<D extends DialectName, T extends string> {
  readonly dialect: D;
  /** `other` for an event that is newer than this package: accept it and answer 2xx. */
  readonly type: T | 'other';
  /** The type as it was written. */
  readonly name: string;
  /** The same in every attempt to deliver it, so that a receiver can recognise a repetition; null if the scheme has none. */
  readonly id: string | null;
  readonly state: State;
  readonly generationId: string | null;
  /** The job or object of the event, in the form of a read. */
  readonly job: JsonObject;
  readonly failure: GenerationError<D> | null;
  readonly payload: JsonObject;
}

/** What was signed before the body, and the signatures. */
export interface Claim {
  readonly prefix: string;
  readonly signatures: readonly Bytes[];
  /** When it was signed; undefined if the scheme does not say, so that its age cannot be checked. */
  readonly signedAtMs?: number;
}

export interface Opened {
  readonly name: string;
  readonly id?: string | undefined;
  readonly job: JsonObject;
  /** Given if the job is more precise than the name of the event. */
  readonly state?: State;
}

/** How a dialect signs and writes its webhooks. */
export interface WebhookScheme<D extends DialectName, T extends string> {
  readonly dialect: Dialect<D>;
  readonly events: Readonly<Record<T, State>>;
  /** @throws TypeError for a secret that is invalid in this scheme */
  keyOf(secret: string): Bytes;
  claim(headers: Headers): Claim | Refusal;
  /** What is signed before the body of a test event. */
  prefix(id: string, nowMs: number): string;
  headers(type: T, id: string, nowMs: number, signatures: readonly Bytes[]): Record<string, string>;
  open(payload: JsonObject, headers: Headers): Opened | undefined;
  payload(type: T, job: JsonObject, id: string, at: string): object;
}

/** Parses Unix seconds; undefined for anything else. */
export function secondsToMs(header: string): number | undefined {
  return /^\d{1,12}$/.test(header) ? Number(header) * 1000 : undefined;
}
