import type { CanonicalCode } from '@genlock/contracts';
import type { JsonObject } from './json.ts';
import type { Micros } from './money.ts';
import type { Price, Usage } from './pricing.ts';
import type { GenerationRequest, Kind } from './request.ts';

export const STATUSES = ['queued', 'running', 'succeeded', 'failed', 'canceled'] as const;
export type Status = (typeof STATUSES)[number];
export type TerminalStatus = Extract<Status, 'succeeded' | 'failed' | 'canceled'>;

export const MODES = ['live', 'test'] as const;
/** Test-mode keys never touch money. */
export type Mode = (typeof MODES)[number];

const NEXT: Readonly<Record<Status, readonly Status[]>> = {
  queued: ['running', 'failed', 'canceled'],
  running: ['succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
};

/** The state machine: a terminal state is final, and nothing returns to the queue. */
export function canBecome(from: Status, to: Status): boolean {
  return NEXT[from].includes(to);
}

export function isTerminal(status: Status): status is TerminalStatus {
  return NEXT[status].length === 0;
}

/** The URL for a job's events, if the caller gave one with the job. */
export interface WebhookTarget {
  readonly url: string;
  readonly events?: readonly string[];
  /** The secret that signs this job's webhooks, sealed, if it is stored nowhere else. Deleted when the job has ended. */
  readonly sealedSecret?: string;
}

export interface GenerationFailure {
  readonly code: CanonicalCode;
  /** Safe to show to the caller. */
  readonly message: string;
  /** Index of the source at fault, from 0. Absent if it is not known or if no source is at fault. */
  readonly source?: number;
  /** A finer reason, for contracts that distinguish one, e.g. `truncated` for a source that begins like a picture and breaks off. */
  readonly reason?: string;
  /** The id under which the failure is logged. Some dialects show it as the request id of a failed job. */
  readonly requestId: string;
}

export interface Progress {
  /** 0 to 100. */
  readonly percent: number;
  /** What the provider reports on the way, e.g. loss. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** One paid job, from submission to its end. Times are milliseconds since 1970. */
export interface Generation {
  readonly id: string;
  readonly dialect: string;
  readonly accountId: string;
  readonly keyId: string;
  readonly mode: Mode;
  /** The model as the caller named it. */
  readonly model: string;
  readonly kind: Kind;
  readonly status: Status;
  /** The input as the dialect shows it, with defaults filled in. */
  readonly input: JsonObject;
  /** The same input in canonical form, as providers take it. */
  readonly request: GenerationRequest;
  readonly metadata: JsonObject | null;
  readonly webhook: WebhookTarget | null;
  /** The price at submission. Later price changes do not affect this job. */
  readonly price: Price;
  /** The amount held, which is also the most that can be charged. 0 in test mode. */
  readonly quote: Micros;
  /** null until the generation has ended. */
  readonly charged: Micros | null;
  /** What was delivered, as the charge counts it; null until the generation has ended. */
  readonly delivered: Usage | null;
  readonly failure: GenerationFailure | null;
  /** The progress of long work; null if the provider does not report any. */
  readonly progress: Progress | null;
  /** It runs in the process that admitted it, while its caller waits. It is never queued, and no other process tries it again. */
  readonly inline: boolean;
  readonly retryOf: string | null;
  /** The W3C trace context of the request that ordered it, always valid; null if the caller sent none. */
  readonly traceparent: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** After this time the job fails, whatever a provider says. */
  readonly deadlineAt: number;
  /** When its owner deleted it. It then disappears from every dialect but stays in the ledger. */
  readonly deletedAt: number | null;
}

/**
 * - `abandoned`: the generation ended before this attempt did, and its fate upstream is still being found out.
 * - `late`: the attempt succeeded upstream after that, so nobody receives the result.
 * - `outcome_unknown`: its fate cannot be found out.
 */
export type AttemptOutcome = 'succeeded' | 'failed' | 'canceled' | 'outcome_unknown' | 'abandoned' | 'late';

/**
 * One try at one provider. `outcome` is null while the attempt is under way, and stays null if its process ended meanwhile; `error` then
 * tells whether the process ended in order (domain/broken-off.ts).
 */
export interface Attempt {
  readonly n: number;
  readonly provider: string;
  readonly model: string;
  readonly upstreamId: string | null;
  readonly outcome: AttemptOutcome | null;
  readonly error: { readonly code: CanonicalCode; readonly raw: string | null } | null;
  /** The operator's cost, as the provider stated it; null if it did not. */
  readonly cost: Micros | null;
  /** For an attempt that is made of several calls: how many were lost. Each of them may have to be paid although it brought nothing. */
  readonly lostCalls: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
}
