import type { Dialect } from '../dialect.ts';
import { type DialectName, GenerationError } from '../error.ts';
import { quietly } from '../quietly.ts';
import { sleep as sleepFor } from '../sleep.ts';
import { attempt, type Outcome } from './attempt.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { type Decision, decide, isDoubtful } from './decide.ts';
import { type Plan, planOf } from './plan.ts';
import { type Call, type FetchInput, snapshot } from './snapshot.ts';

export interface Retrying {
  /** The number of the failed attempt, from 1. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly method: string;
  readonly url: string;
  /** A {@link GenerationError} if there was an answer, else the error of `fetch`. */
  readonly reason: unknown;
}

export interface FetchOptions<D extends DialectName = DialectName> {
  readonly dialect: Dialect<D>;
  /** The function that sends; default: the global `fetch`. */
  readonly fetch?: (input: FetchInput, init?: RequestInit) => Promise<Response>;
  /** The most attempts, including the first; default 4. */
  readonly attempts?: number;
  /** Limits all attempts and waits together, until the answer begins. Default `Infinity`: no limit. */
  readonly deadlineMs?: number;
  /** Whether the server honours `Idempotency-Key` if its dialect leaves that open: for getimg Genlock does, the vendor does not say. */
  readonly optionalKeys?: boolean;
  /** For logs. Its errors are ignored, also asynchronous ones. */
  readonly onRetry?: (retrying: Retrying) => unknown;
  /** Returns a number from 0 to 1. */
  readonly random?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A function that can be used in place of `fetch`. */
export type Fetch = (input: FetchInput, init?: RequestInit) => Promise<Response>;

/** One logical call, already checked to be valid for `fetch`. */
export interface PreparedCall {
  readonly plan: Plan;
  /** Can be called only once. */
  send(): Promise<Response>;
}

/**
 * `fetch` with the retry rules of a dialect. Answers are returned unchanged, including errors. It throws where `fetch` would, and a {@link
 * GenerationError} with the code `outcome_unknown` if it is unknown whether a call that costs money was done. Redirects of such a call are
 * not followed.
 *
 * @throws RangeError for less than one attempt, TypeError for an invalid deadline; at the call, the error of `fetch` for an invalid call,
 * or TypeError for an empty idempotency key
 */
export function createFetch<D extends DialectName>(options: FetchOptions<D>): Fetch {
  const prepare = createCalls(options);
  return async (input, init) => (await prepare(input, init)).send();
}

/** The same in two steps, so that an invalid call can be distinguished from a failed one. */
export function createCalls<D extends DialectName>(
  options: FetchOptions<D>,
): (input: FetchInput, init?: RequestInit) => Promise<PreparedCall> {
  const { dialect, attempts = 4, deadlineMs, optionalKeys = false } = options;
  if (!(attempts >= 1)) throw new RangeError('attempts must be at least 1.');
  if (deadlineMs !== undefined && !(deadlineMs >= 0)) throw new TypeError('deadlineMs must not be negative.');
  return async (input, init) => {
    const deadline = startDeadline(deadlineMs);
    try {
      const call = await snapshot(input, init, deadline.signal, options.fetch === undefined);
      const key = call.headers.get('idempotency-key');
      if (key === '') throw new TypeError('The idempotency key is empty.');
      const plan = planOf(dialect, { method: call.method, url: call.url, key }, optionalKeys);
      if (plan.idempotencyKey !== undefined) call.headers.set('idempotency-key', plan.idempotencyKey);
      return { plan, send: () => run(options, attempts, call, plan, deadline) };
    } catch (thrown) {
      deadline.stop();
      throw thrown;
    }
  };
}

async function run<D extends DialectName>(
  { dialect, onRetry, ...options }: FetchOptions<D>,
  attempts: number,
  call: Call,
  plan: Plan,
  deadline: Deadline,
): Promise<Response> {
  const { fetch: send = fetch, random = Math.random, sleep = sleepFor } = options;
  const caller = call.signal ?? new AbortController().signal;
  const signal = AbortSignal.any([deadline.signal, caller]);
  try {
    let doubtful = false;
    for (let made = 1; ; made += 1) {
      caller.throwIfAborted();
      const outcome: Outcome = deadline.passed()
        ? { kind: 'unsent', thrown: deadline.signal.reason }
        : await attempt(dialect, () => send(...call.request(call.headers, signal, plan.paid)), plan.paid);
      caller.throwIfAborted();
      const { once } = call;
      const leftMs = deadline.leftMs();
      const decision = decide(outcome, { dialect, plan, made, attempts, once, doubtful, leftMs, random });
      if (decision.kind !== 'retry') return conclude(decision, dialect, plan);
      doubtful ||= isDoubtful(outcome);
      if (outcome.kind === 'refused') outcome.response.body?.cancel().catch(() => undefined);
      const { delayMs, reason } = decision;
      quietly(() => onRetry?.({ attempt: made, delayMs, method: call.method, url: call.url, reason }));
      await sleep(delayMs, caller);
    }
  } finally {
    deadline.stop();
  }
}

function conclude(decision: Exclude<Decision, { kind: 'retry' }>, { name }: Dialect, plan: Plan): Response {
  if (decision.kind === 'return') return decision.response;
  if (decision.kind === 'throw') throw decision.thrown;
  const { reason } = decision;
  const told = GenerationError.isInstance(reason) ? reason : undefined;
  throw new GenerationError({
    code: 'outcome_unknown',
    dialect: name,
    message: `${name}: the call may have been done and charged; there is no answer that tells.`,
    wireCode: told?.wireCode ?? undefined,
    status: told?.status ?? undefined,
    requestId: told?.requestId ?? undefined,
    idempotencyKey: plan.idempotencyKey,
    raw: told?.raw,
    mayHaveBeenCharged: true,
    cause: reason,
  });
}
