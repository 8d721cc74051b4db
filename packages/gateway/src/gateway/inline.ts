import { GenlockError } from '../domain/error.ts';
import type { AttemptOutcome, Generation } from '../domain/generation.ts';
import { chargeFor, type Usage } from '../domain/pricing.ts';
import type { ProviderCall, TextEvent } from '../providers/port.ts';
import type { EndAttempt, RouteRef, SettleOutcome } from '../store/port.ts';
import { admit, type Submission } from './admit.ts';
import type { Core } from './core.ts';
import { firmly } from './firmly.ts';
import { newId } from './ids.ts';
import { keepInlineLeases } from './inline-leases.ts';
import { routesFor } from './routes-for.ts';
import { settle } from './settle.ts';
import { fetchSource, readArtifact } from './sources.ts';

export interface InlineRun {
  readonly generation: Generation;
  /** Ends with an `end` event, or throws GenlockError. Leaving it early stops the call. Must be read, or returned from. */
  readonly events: AsyncGenerator<TextEvent, void, undefined>;
}

/** How the caller gets the text: piece by piece as it comes, or whole, so that a call that fails has given nothing. */
export type Telling = 'streamed' | 'whole';

interface Bill {
  readonly charge: number;
  readonly delivered: Usage;
}

interface Call {
  readonly core: Core;
  readonly generation: Generation;
  readonly telling: Telling;
  readonly attempt: number;
  readonly stop: AbortController;
  usage: Usage;
}

/**
 * Runs text generation while its caller waits: hold, stream, settle on what was used, with no queue between. Resolves at
 * the first event, so that whatever goes wrong before it can still be told as an ordinary error. A caller who goes away
 * stops the call and is charged for what was produced until then; so is one whose provider broke off in the middle, if the text was
 * streamed.
 *
 * @throws GenlockError as {@link admit}, `idempotency_conflict` also for what is under way, or what the provider failed with before its first event (then nothing is charged)
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
      'Work under this key is under way, and cannot be told twice.',
    );
  const { generation } = admitted;
  const stop = new AbortController();
  const leave = (): void => stop.abort('left');
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  const timer = setTimeout(() => stop.abort('deadline'), generation.deadlineAt - core.now());
  const letLeaseGo = keepInlineLeases(core);
  const release = (): void => {
    letLeaseGo();
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  };

  const [route] = routesFor(core, submission.model, generation);
  const call: Call = { core, generation, telling, attempt: 1, stop, usage: {} };
  const events = billed(call, route, release);
  const first = await events.next();
  return { generation, events: first.done === true ? events : resumed(first.value, events) };
}

/** The events of one attempt; however it is left, the generation is settled by then. */
async function* billed(
  call: Call,
  route: RouteRef | undefined,
  release: () => void,
): AsyncGenerator<TextEvent, void, undefined> {
  let outcome: SettleOutcome = { status: 'canceled' };
  let end: EndAttempt = { n: call.attempt, outcome: 'canceled', error: null };
  try {
    for await (const event of open(call, route)) {
      call.usage = usageAfter(call.usage, event);
      if (event.type === 'end') {
        // Settled before the end is told: who has seen the end finds the charge booked.
        outcome = { status: 'succeeded', ...bill(call, 'succeeded'), assets: [] };
        end = { n: call.attempt, outcome: 'succeeded', error: null };
        await finish(call, outcome, end);
        yield event;
        return;
      }
      yield event;
    }
    throw new GenlockError('upstream_invalid_result', undefined, { raw: 'the stream had no end' });
  } catch (thrown) {
    if (end.outcome === 'succeeded') throw thrown;
    const error = errorOf(call, thrown);
    if (call.stop.signal.reason !== 'left') {
      const requestId = newId('req_', call.core.now());
      call.core.log.warn(
        { generation: call.generation.id, request: requestId, error: error.code, raw: error.detail.raw },
        'inline call failed',
      );
      outcome = { status: 'failed', failure: { code: error.code, message: error.message, requestId } };
      end = {
        n: call.attempt,
        outcome: attemptOutcome(error),
        error: { code: error.code, raw: error.detail.raw ?? null },
      };
    }
    throw error;
  } finally {
    release();
    if (end.outcome !== 'succeeded') {
      call.stop.abort('left');
      await finish(call, { ...outcome, ...bill(call, outcome.status) }, end);
    }
  }
}

function open(call: Call, route: RouteRef | undefined): AsyncIterable<TextEvent> {
  const provider = route && call.core.providers.get(route.provider);
  if (provider?.stream === undefined) throw new GenlockError('no_route');
  return provider.stream(providerCall(call, route?.model ?? ''));
}

function providerCall({ core, generation, attempt, stop }: Call, model: string): ProviderCall {
  return {
    idempotencyKey: generation.id,
    attempt,
    model,
    mode: generation.mode,
    request: generation.request,
    fetchSource: (url) => fetchSource(core, generation, url, stop.signal),
    readArtifact: (name) => readArtifact(core, name),
    tell: () => {},
    signal: stop.signal,
  };
}

function usageAfter(usage: Usage, event: TextEvent): Usage {
  switch (event.type) {
    case 'start':
      return { inputTokens: event.inputTokens, outputTokens: 0 };
    case 'delta':
    case 'tool_calls':
      return { ...usage, outputTokens: event.outputTokens };
    case 'end':
      return { inputTokens: event.inputTokens, outputTokens: event.outputTokens };
  }
}

/** Nothing produced, or nothing of it told in the end, is nothing charged. */
function bill({ generation, telling, usage }: Call, status: SettleOutcome['status']): Bill {
  const told = (usage.outputTokens ?? 0) > 0 && !(status === 'failed' && telling === 'whole');
  const delivered = told ? usage : { inputTokens: 0, outputTokens: 0 };
  return { charge: chargeFor(generation.price, delivered, generation.quote), delivered };
}

function errorOf({ stop }: Call, thrown: unknown): GenlockError {
  if (stop.signal.reason === 'deadline')
    return new GenlockError('upstream_timeout', undefined, { raw: String(thrown) });
  return GenlockError.from(thrown, 'upstream_failed');
}

function attemptOutcome({ detail }: GenlockError): AttemptOutcome {
  return detail.accepted === 'maybe' ? 'outcome_unknown' : 'failed';
}

/** A caller is not kept waiting for longer than some tenths of a second by a store that stumbles. */
const TRIES_BEFORE_ANSWER = 3;

/**
 * Settles, and goes on trying behind the answer when the store fails for a while. Should it stay away, the lease runs out and the
 * next claim fails what was left open.
 */
async function finish(
  { core, generation }: Call,
  outcome: SettleOutcome,
  attempt: EndAttempt,
): Promise<void> {
  const settled = (): Promise<unknown> =>
    settle(core, { generation, worker: core.instance, outcome, attempt });
  const options = { log: core.log, generationId: generation.id };
  try {
    await firmly(settled, { ...options, tries: TRIES_BEFORE_ANSWER });
  } catch {
    const release = keepInlineLeases(core);
    firmly(settled, options)
      .catch((error) => core.log.error({ generation: generation.id, err: error }, 'inline call not settled'))
      .finally(release);
  }
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
