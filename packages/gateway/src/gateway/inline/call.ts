import { keyFrom } from '../../domain/call-key.ts';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import { chargeFor, type Usage } from '../../domain/pricing.ts';
import type { AttemptSummary } from '../../domain/route-choice.ts';
import { routeName } from '../../domain/route-order.ts';
import { believedTokens, mostInputTokens } from '../../domain/token-counts.ts';
import type { ProviderCall, TextEvent } from '../../providers/port.ts';
import type { Route, SettleOutcome } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { fetchSource, readArtifact } from '../files/sources.ts';
import type { Held } from '../routes/provider-set.ts';
import { type AttemptWatch, watchAttempt } from '../run/watch-attempt.ts';
import type { Taken } from './choose.ts';

/** How the caller gets the text: piece by piece as it comes, or whole, so that a call that fails has given nothing. */
export type Telling = 'streamed' | 'whole';

/** Text for a caller who waits: its generation, and the attempt that is under way. */
export interface InlineCall {
  readonly core: Core;
  readonly generation: Generation;
  readonly telling: Telling;
  /** Of the call that waits. */
  readonly requestId?: string | undefined;
  /** In the order of trying. */
  readonly routes: readonly Route[];
  readonly stop: AbortController;
  /** The attempts that failed. */
  readonly history: AttemptSummary[];
  attempt: number;
  taken: Taken;
  /** Of the attempt that is under way, from when it was called; its name may lead elsewhere by then. */
  held?: Held | undefined;
  /** When the provider was called last. */
  calledAt: number;
  /** Of the attempt that is under way. */
  watch?: AttemptWatch;
  usage: Usage;
}

/** Calls the provider of the attempt that is under way. @throws GenlockError `no_route` also when it makes no text */
export function openStream(call: InlineCall): AsyncIterable<TextEvent> {
  const { core, taken } = call;
  call.held?.release();
  call.held = core.providers.hold(taken.route.provider);
  call.calledAt = core.now();
  call.watch = watchAttempt(core, call.generation, taken.route);
  const provider = call.held?.provider;
  // Who left before it was called has bought nothing, and that is sure.
  call.stop.signal.throwIfAborted();
  if (provider?.stream === undefined) throw new GenlockError('no_route');
  return provider.stream(providerCall(call, call.watch.calls()));
}

function providerCall(call: InlineCall, traceparent: string | undefined): ProviderCall {
  const { core, generation, attempt, taken, stop } = call;
  return {
    idempotencyKey: keyFrom(generation.id, firstAt(call)),
    attempt,
    model: taken.route.model,
    mode: generation.mode,
    request: generation.request,
    fetchSource: (url) => fetchSource(core, generation, url, stop.signal),
    readArtifact: (name) => readArtifact(core, name),
    tell: () => {},
    signal: stop.signal,
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** The first attempt at the route: no job of it is known, so the same route is called under the same key. */
function firstAt({ attempt, history, taken }: InlineCall): number {
  const index = history.findIndex(({ route }) => route === routeName(taken.route));
  return index < 0 ? attempt : index + 1;
}

/** The event with the counts of its provider as far as they can be true: they are told, and charged for. */
export function believed({ generation }: InlineCall, event: TextEvent): TextEvent {
  const { request, price } = generation;
  if (request.kind !== 'text') return event;
  const counts: { inputTokens?: number; outputTokens?: number } = {};
  if ('outputTokens' in event) {
    const outputTokens = believedTokens(event.outputTokens, request.maxTokens);
    if (outputTokens !== event.outputTokens) counts.outputTokens = outputTokens;
  }
  if ('inputTokens' in event) {
    const held = price.quoted?.inputTokens ?? 0;
    const inputTokens = believedTokens(event.inputTokens, held, () => mostInputTokens(request));
    if (inputTokens !== event.inputTokens) counts.inputTokens = inputTokens;
  }
  return counts.inputTokens === undefined && counts.outputTokens === undefined
    ? event
    : { ...event, ...counts };
}

/** Tokens as counted up to an event. Each event tells the sum, not what it adds. */
export function usageAfter(usage: Usage, event: TextEvent): Usage {
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

/** Nothing produced, or nothing of it told in the end, is nothing charged, whatever the price is for. */
export function billOf(
  { generation, telling, usage }: InlineCall,
  status: SettleOutcome['status'],
): { readonly charge: number; readonly delivered: Usage } {
  const told = (usage.outputTokens ?? 0) > 0 && !(status === 'failed' && telling === 'whole');
  if (!told) return { charge: 0, delivered: { inputTokens: 0, outputTokens: 0 } };
  return { charge: chargeFor(generation.price, usage, generation.quote), delivered: usage };
}
