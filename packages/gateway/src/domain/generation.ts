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

/** The state machine: nothing leaves a terminal state, and nothing goes back to the queue. */
export function canBecome(from: Status, to: Status): boolean {
  return NEXT[from].includes(to);
}

export function isTerminal(status: Status): status is TerminalStatus {
  return NEXT[status].length === 0;
}

/** Where a job's events go when the caller named a URL with the job itself. */
export interface WebhookTarget {
  readonly url: string;
  readonly events?: readonly string[];
  /** What its webhooks are signed with, sealed, where that is kept nowhere else. Forgotten when the job has ended. */
  readonly sealedSecret?: string;
}

export interface GenerationFailure {
  readonly code: CanonicalCode;
  /** Safe to show to the caller. */
  readonly message: string;
  /** Which source of the request was at fault, counted from 0; absent where that is not known or no source was. */
  readonly source?: number;
  /** A finer reason, for contracts that tell one apart, e.g. `truncated` of a source that only began like a picture. */
  readonly reason?: string;
  /** The id under which the failure is logged; dialects that tell a request id with a failed job show it. */
  readonly requestId: string;
}

export interface Progress {
  /** 0 to 100. */
  readonly percent: number;
  /** What the provider measures on the way, e.g. loss. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** One paid job, from submission to its end. Times are milliseconds since 1970. */
export interface Generation {
  readonly id: string;
  readonly dialect: string;
  readonly accountId: string;
  readonly keyId: string;
  readonly mode: Mode;
  /** What the caller named. */
  readonly model: string;
  readonly kind: Kind;
  readonly status: Status;
  /** The input as the dialect shows it, defaults filled in. */
  readonly input: JsonObject;
  /** The same in canonical form, as providers take it. */
  readonly request: GenerationRequest;
  readonly metadata: JsonObject | null;
  readonly webhook: WebhookTarget | null;
  /** The price at submission; a later change does not reach this job. */
  readonly price: Price;
  /** What was held, and so the most that can be charged. 0 in test mode. */
  readonly quote: Micros;
  /** null until the end. */
  readonly charged: Micros | null;
  /** What was delivered, as the charge counts it; null until the end. */
  readonly delivered: Usage | null;
  readonly failure: GenerationFailure | null;
  /** How far a long one has come; null when the provider does not tell. */
  readonly progress: Progress | null;
  /** It runs while its caller waits, in the process that admitted it: no queue, and no second try by anybody else. */
  readonly inline: boolean;
  readonly retryOf: string | null;
  /** The W3C trace context that it was ordered under, valid; null where nobody traces it. */
  readonly traceparent: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** After this the job is failed, whatever a provider says. */
  readonly deadlineAt: number;
  /** When its owner deleted it; it is then gone for every dialect, and stays in the ledger. */
  readonly deletedAt: number | null;
}

/**
 * `abandoned`: its generation ended before it did, and what becomes of it upstream is being found out. `late`: then it succeeded there,
 * for nobody. `outcome_unknown`: nobody can tell.
 */
export type AttemptOutcome = 'succeeded' | 'failed' | 'canceled' | 'outcome_unknown' | 'abandoned' | 'late';

/** One try at one provider. `outcome` is null while it is under way, or when the process died under it. */
export interface Attempt {
  readonly n: number;
  readonly provider: string;
  readonly model: string;
  readonly upstreamId: string | null;
  readonly outcome: AttemptOutcome | null;
  readonly error: { readonly code: CanonicalCode; readonly raw: string | null } | null;
  /** What the provider said that it costs the operator; null where it does not say. */
  readonly cost: Micros | null;
  /** How many of its calls were lost where it is made of several: each may have to be paid, and brought nothing. */
  readonly lostCalls: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
}
