import { GenlockError } from '../../domain/error.ts';
import { decideRetry, errorAtLast } from '../../domain/retry-decision.ts';
import type { Route } from '../../store/port.ts';
import { pause } from '../firmly.ts';
import { failureOf } from '../run/after-failure.ts';
import { beginAttempt } from '../run/begin-attempt.ts';
import { endOf } from '../run/end.ts';
import { routeThen, rowsOf, traitsOf } from '../run/routes.ts';
import type { InlineCall } from './call.ts';
import { type Taken, TRIES_PER_ROW, takeRoute } from './choose.ts';

/**
 * Goes to the next route after a call that failed before its first event, by the same rules as jobs: only if the failed call certainly
 * costs nothing, and within the same limit of attempts. The new attempt is written before its provider is called.
 *
 * @param told an event already reached the caller, so no other attempt is made
 * @returns the error that the call fails with; undefined if another attempt has begun
 */
export async function failOver(
  call: InlineCall,
  error: GenlockError,
  told: boolean,
): Promise<GenlockError | undefined> {
  const { core, generation, routes, history, stop } = call;
  const { route } = call.taken;
  const now = core.now();
  const failure = failureOf(error);
  const made = { ...route, startedAt: call.calledAt };
  const provider = traitsOf(core, made, generation.kind);
  const open = failure.ambiguous && provider.free !== true;
  history.push({ route: routeThen(core.providers, made), error: error.code, open });
  const end = errorAtLast({ failure, history, provider });
  const last = end === error.code ? error : new GenlockError(end, undefined, error.detail);
  if (told) return last;
  const decision = decideRetry({
    failure,
    history,
    rows: rowsOf(core, routes, now),
    provider,
    policy: { ...core.config().retries, attemptsPerRoute: TRIES_PER_ROW },
    now,
    deadlineAt: generation.deadlineAt,
    random: core.random(),
  });
  if (decision.kind === 'fail') return last;
  const taken = takeIfAny(call);
  if (taken === undefined) return last;
  const begun = await pause(decision.delayMs, stop.signal)
    .then(() => begin(call, taken.route, error))
    .catch(() => false); // the caller left, or the store failed
  if (!begun) {
    taken.trial.left();
    return last;
  }
  Object.assign(call, { taken, attempt: call.attempt + 1, usage: {} });
  return undefined;
}

/** Undefined if no other route may be called now. */
function takeIfAny({ core, routes, history }: InlineCall): Taken | undefined {
  try {
    return takeRoute(core, routes, history);
  } catch {
    return undefined;
  }
}

/** Ends the failed attempt and begins the next one in a single write. */
function begin({ core, generation, attempt }: InlineCall, to: Route, error: GenlockError): Promise<boolean> {
  const fields = { generation: generation.id, attempt, error: error.code };
  core.log.warn({ ...fields, raw: error.detail.raw, next: 'next_route' }, 'attempt failed');
  return beginAttempt(core, {
    generationId: generation.id,
    worker: core.instance,
    n: attempt + 1,
    provider: to.provider,
    model: to.model,
    now: core.now(),
    ended: endOf(attempt, error),
  });
}
