import type { CanonicalCode } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';
import { retryAfterOf } from './retry-after.ts';

export interface UpstreamAnswer {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The content of an upstream's error body, whatever its form. */
export interface Complaint {
  /** The most specific code in it that a program can branch on. */
  readonly code?: string;
  readonly message?: string;
  /** The wait given in the body; one in the headers comes first. */
  readonly retryAfterMs?: number;
}

/** One rule of an upstream's error table. All conditions that are given must match; the first rule that matches counts. */
export interface FailureRule {
  readonly status?: number | readonly number[];
  readonly code?: RegExp;
  readonly message?: RegExp;
  readonly is: CanonicalCode;
  /** Default: `no` if the upstream itself reported the error in its own words. */
  readonly accepted?: 'no' | 'maybe' | 'yes';
  /** The error is not about this request: every call fails until the operator fixes it. */
  readonly routeDown?: boolean;
}

/** How to read one upstream's errors. */
export interface FailureTable {
  /** Reads a parsed body; undefined if it is not in the upstream's own form, e.g. a proxy's page. */
  readonly read: (body: unknown) => Complaint | undefined;
  readonly rules: readonly FailureRule[];
}

const GENERIC =
  /^(?:internal server error|server error|bad gateway|unknown error)\.?$|server disconnected|connection ?(?:error|reset|aborted|closed)|socket hang up|timed? ?out/i;

/**
 * What statuses mean at every upstream. Errors of our key, account, address or request are the operator's fault and never the caller's,
 * whose request was checked against the contract before.
 */
const COMMON: readonly FailureRule[] = [
  // The generic messages of frameworks and routers say nothing about what became of the order.
  { status: [500, 502], message: GENERIC, is: 'upstream_failed', accepted: 'maybe' },
  { status: [401, 402], is: 'model_misconfigured', routeDown: true },
  { status: 429, is: 'upstream_rate_limited' },
  { status: [408, 504, 522, 524], is: 'upstream_timeout', accepted: 'maybe' },
  { status: [503, 529], is: 'upstream_unavailable' },
];

/**
 * The canonical error of an answer that is not a success. `paid`: the call costs money. A server error that is not in the upstream's own
 * words then leaves open whether the work is being done.
 */
export function failureOf(answer: UpstreamAnswer, table: FailureTable, paid: boolean): GenlockError {
  return failureFrom(answer.status, complaintIn(answer, table), table, {
    paid,
    raw: `HTTP ${answer.status} ${new TextDecoder().decode(answer.body)}`,
    headers: answer.headers,
  });
}

/** The error in the upstream's own words; undefined if something in between wrote the answer. */
export function complaintIn({ body }: UpstreamAnswer, table: FailureTable): Complaint | undefined {
  return table.read(parsed(new TextDecoder().decode(body)));
}

/** The same for an error reported elsewhere: in a failed job (`status` undefined) or in a stream. */
export function failureFrom(
  status: number | undefined,
  complaint: Complaint | undefined,
  table: FailureTable,
  more: { readonly paid: boolean; readonly raw: string; readonly headers?: Readonly<Record<string, string>> },
): GenlockError {
  const rule = [...table.rules, ...COMMON].find((one) => matches(one, status, complaint));
  const code = rule?.is ?? byClass(status);
  const retryAfterMs = (more.headers && retryAfterOf(more.headers)) ?? complaint?.retryAfterMs;
  const accepted = rule?.accepted ?? (isOpen(status, complaint, retryAfterMs) ? 'maybe' : 'no');
  return new GenlockError(code, undefined, {
    raw: more.raw,
    accepted: more.paid || accepted === 'yes' ? accepted : 'no',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(rule?.routeDown === true && { routeDown: true }),
  });
}

function matches(rule: FailureRule, status: number | undefined, { code, message }: Complaint = {}): boolean {
  if (rule.status !== undefined && ![rule.status].flat().includes(status ?? 0)) return false;
  if (rule.code !== undefined && !rule.code.test(code ?? '')) return false;
  return rule.message === undefined || rule.message.test(message ?? '');
}

function byClass(status: number | undefined): CanonicalCode {
  return status !== undefined && status >= 300 && status < 500 ? 'model_misconfigured' : 'upstream_failed';
}

/**
 * Statuses that refuse work for now. Only with these does a given time mean how long the refusal lasts; with others it only says when to
 * look again.
 */
const REFUSALS = [503, 529];

/** A 5xx that is not in the upstream's own words comes from something in front of it, which may have lost only the answer. */
function isOpen(
  status: number | undefined,
  complaint: Complaint | undefined,
  retryAfterMs?: number,
): boolean {
  if (status === undefined) return false;
  // An unknown kind of success, such as 202 where a result is due.
  if (status < 300 || pointsToResult(status)) return true;
  if (status < 500 || complaint !== undefined) return false;
  return retryAfterMs === undefined || !REFUSALS.includes(status);
}

/**
 * Redirects that answer an order by pointing elsewhere (RFC 9110, section 15.4), perhaps to the result: nobody can tell whether the work
 * was done. Other redirects say that the address is wrong and ask for the same order there.
 */
export function pointsToResult(status: number): boolean {
  return status === 302 || status === 303;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
