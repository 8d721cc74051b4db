import type { CanonicalCode } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';
import { retryAfterOf } from './retry-after.ts';

export interface UpstreamAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What an error body of an upstream says, whatever its shape. */
export interface Complaint {
  /** The most specific word in it that a program can branch on. */
  readonly code?: string;
  readonly message?: string;
  /** A wait that it asks for in the body; one in the headers goes before it. */
  readonly retryAfterMs?: number;
}

/** One line of an upstream's error table; all that is given has to match. The first line that matches holds. */
export interface FailureRule {
  readonly status?: number | readonly number[];
  readonly code?: RegExp;
  readonly message?: RegExp;
  readonly is: CanonicalCode;
  /** Default: `no` where the upstream itself said so in its own words. */
  readonly accepted?: 'no' | 'maybe' | 'yes';
  /** It is not about this request: whatever is sent there fails until the operator mends it. */
  readonly routeDown?: boolean;
}

/** How one upstream tells errors. */
export interface FailureTable {
  /** Reads a parsed body; undefined where it is not one of the upstream's own, such as the page of a proxy. */
  readonly read: (body: unknown) => Complaint | undefined;
  readonly rules: readonly FailureRule[];
}

const GENERIC =
  /^(?:internal server error|server error|bad gateway|unknown error)\.?$|server disconnected|connection ?(?:error|reset|aborted|closed)|socket hang up|timed? ?out/i;

/**
 * What statuses mean everywhere. Our key, our bill, our address, our request: the operator's, never the caller's, who was checked
 * against the contract before.
 */
const COMMON: readonly FailureRule[] = [
  // What frameworks and routers say for want of anything better is no word on what became of the order.
  { status: [500, 502], message: GENERIC, is: 'upstream_failed', accepted: 'maybe' },
  { status: [401, 402], is: 'model_misconfigured', routeDown: true },
  { status: 429, is: 'upstream_rate_limited' },
  { status: [408, 504, 522, 524], is: 'upstream_timeout', accepted: 'maybe' },
  { status: [503, 529], is: 'upstream_unavailable' },
];

/**
 * The canonical error of an answer that is no success. `paid`: the call was one that costs money, so that a server error which the
 * upstream did not put in its own words leaves open whether the work is being done.
 */
export function failureOf(answer: UpstreamAnswer, table: FailureTable, paid: boolean): GenlockError {
  return failureFrom(answer.status, complaintIn(answer, table), table, {
    paid,
    raw: `HTTP ${answer.status} ${new TextDecoder().decode(answer.body)}`,
    headers: answer.headers,
  });
}

/** What an answer says in the upstream's own words; undefined where somebody in between wrote it. */
export function complaintIn({ body }: UpstreamAnswer, table: FailureTable): Complaint | undefined {
  return table.read(parsed(new TextDecoder().decode(body)));
}

/** The same for what was told elsewhere: in a failed job (`status` undefined), in a stream. */
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

/** What refuses work for now, and may say for how long. Others that name a time tell only when to look again. */
const REFUSALS = [503, 529];

/** A 5xx without a word of the upstream itself comes from something in front of it, which may have lost only the answer. */
function isOpen(
  status: number | undefined,
  complaint: Complaint | undefined,
  retryAfterMs?: number,
): boolean {
  if (status === undefined) return false;
  // A success that is none of those that are known, such as 202 where an answer is due.
  if (status < 300 || pointsToResult(status)) return true;
  if (status < 500 || complaint !== undefined) return false;
  return retryAfterMs === undefined || !REFUSALS.includes(status);
}

/**
 * Redirects that turn an order into a look elsewhere (RFC 9110, section 15.4), maybe at what was made: nobody can tell whether the work
 * was done. The others say that the address is wrong, and ask for the same order there.
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
