import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import { isAmount, type Micros } from '../../domain/money.ts';
import type { TextEvent } from '../../providers/port.ts';
import type { EndAttempt, SettleOutcome } from '../../store/port.ts';
import { admit } from '../admission/admit.ts';
import type { Submission } from '../admission/submission.ts';
import type { Core } from '../core.ts';
import { newId } from '../ids.ts';
import { asFree } from '../routes/as-free.ts';
import { endOf, uselessCalls } from '../run/end.ts';
import { rawAtDeadline } from '../run/let-go.ts';
import { callerWaits } from '../waiting/waiting-callers.ts';
import { believed, billOf, type InlineCall, openStream, type Telling, usageAfter } from './call.ts';
import { failOver } from './fail-over.ts';
import { finish } from './finish.ts';
import { keepInlineLease } from './leases.ts';
import { endLeft } from './leave.ts';

export type { Telling } from './call.ts';

export interface InlineRun {
  readonly generation: Generation;
  /** Ends with an `end` event, or throws GenlockError. Leaving it early stops the call. The consumer must read it, or call `return`. */
  readonly events: AsyncGenerator<TextEvent, void, undefined>;
  /**
   * Fires when the call is broken off. From then on nothing may wait for a caller that does not read, or the work would never be settled.
   */
  readonly over: AbortSignal;
}

/**
 * Generates text while the caller waits: hold, stream, and settle by what was used, without a queue. Resolves at the first event, so that a
 * failure before it can still be answered as an ordinary error, or be avoided by another route.
 *
 * A caller that leaves stops the call and is charged for what was produced until then. A provider that breaks off in the middle is charged
 * for in the same way if the text was streamed. A process that ends waits for the call, and breaks it off at the end of its draining time.
 *
 * @throws GenlockError as {@link admit}; `idempotency_conflict` also if the first call under the key is still under way; or the error of
 * the last provider before its first event (nothing is charged then)
 */
export async function runInline(
  core: Core,
  submission: Submission,
  signal: AbortSignal,
  telling: Telling = 'streamed',
): Promise<InlineRun> {
  const admitted = await admit(core, { ...submission, inline: true });
  if (admitted.kind === 'replayed')
    throw new GenlockError(
      'idempotency_conflict',
      'A call with this key is under way, and its answer cannot be sent twice.',
    );
  const { generation, begun } = admitted;
  if (begun === undefined) throw new GenlockError('internal_error');
  const stop = new AbortController();
  const leave = (): void => stop.abort('left');
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  const timer = setTimeout(() => stop.abort('deadline'), generation.deadlineAt - core.now());
  const letLeaseGo = keepInlineLease(core, generation.id);
  const served = callerWaits(core, () => stop.abort('draining'));
  if (core.stopped.aborted) stop.abort('draining');
  const release = (): void => {
    letLeaseGo();
    served();
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  };

  const { routes, taken } = begun;
  const { requestId } = submission.caller.call ?? {};
  const more = { requestId, attempt: 1, taken, calledAt: 0, history: [], usage: {} };
  const events = billed({ core, generation, telling, routes, stop, ...more }, release);
  const first = await events.next();
  return {
    generation,
    events: first.done === true ? events : resumed(first.value, events),
    over: stop.signal,
  };
}

/** The events of all attempts. However the generator is left, the generation is then settled. */
async function* billed(call: InlineCall, release: () => void): AsyncGenerator<TextEvent, void, undefined> {
  let outcome: SettleOutcome = { status: 'canceled' };
  let end: EndAttempt | undefined;
  let brokeOff: GenlockError | undefined;
  try {
    for (let told = false; ; ) {
      try {
        for await (const raw of openStream(call)) {
          const event = believed(call, raw);
          call.usage = usageAfter(call.usage, event);
          if (event.type === 'end') {
            call.taken.trial.succeeded();
            call.watch?.succeeded();
            // Settled before the `end` event is sent, so that a caller that sees the end finds the charge booked.
            outcome = { status: 'succeeded', ...billOf(call, 'succeeded'), assets: [] };
            end = { n: call.attempt, outcome: 'succeeded', error: null, cost: costIn(event) };
            await finish(call, outcome, end);
          }
          told = true;
          yield event;
          if (event.type === 'end') return;
        }
        throw new GenlockError('upstream_invalid_result', undefined, { raw: 'the stream had no end' });
      } catch (thrown) {
        if (end !== undefined) throw thrown;
        const error = errorOf(call, thrown);
        if (call.stop.signal.reason === 'left') {
          brokeOff = error;
          throw error;
        }
        call.taken.trial.failed(error);
        call.watch?.failed(error);
        const last = await failOver(call, error, told);
        if (last === undefined) continue;
        outcome = failed(call, last);
        end = { ...endOf(call.attempt, error), lostCalls: uselessCalls(call.held?.provider, error) };
        throw last;
      }
    }
  } finally {
    release();
    call.held?.release();
    call.taken.trial.left();
    if (outcome.status !== 'succeeded') {
      call.stop.abort('left');
      end ??= endLeft(call, brokeOff);
      await finish(call, { ...outcome, ...billOf(call, outcome.status) }, end);
    }
  }
}

/** A cost that cannot be stored is left out, since it would prevent settling. */
function costIn({ cost }: Extract<TextEvent, { type: 'end' }>): Micros | undefined {
  return cost !== undefined && isAmount(cost) ? cost : undefined;
}

function failed(
  { core, generation, requestId = newId('req_', core.now()) }: InlineCall,
  { code, message, detail }: GenlockError,
): SettleOutcome {
  core.log.warn(
    { generation: generation.id, request: requestId, error: code, raw: detail.raw },
    'inline call failed',
  );
  return { status: 'failed', failure: { code, message, requestId } };
}

function errorOf({ stop, held }: InlineCall, thrown: unknown): GenlockError {
  const error = asFree(GenlockError.from(thrown, 'upstream_failed'), held?.provider.capabilities);
  const { accepted = 'no' } = error.detail;
  if (stop.signal.reason === 'draining')
    return new GenlockError(accepted === 'no' ? 'shutting_down' : 'outcome_unknown', undefined, {
      raw: 'given up because the process ended',
      accepted,
    });
  if (stop.signal.reason !== 'deadline') return error;
  return new GenlockError('upstream_timeout', undefined, { raw: rawAtDeadline(thrown), accepted });
}

async function* resumed(
  first: TextEvent,
  rest: AsyncGenerator<TextEvent, void, undefined>,
): AsyncGenerator<TextEvent, void, undefined> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}
