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

/** How the caller gets the text: `streamed` piece by piece, or `whole`, so that a call that fails has delivered nothing. */
export type Telling = 'streamed' | 'whole';

/** Text for a caller that waits: its generation, and the attempt under way. */
export interface InlineCall {
  readonly core: Core;
  readonly generation: Generation;
  readonly telling: Telling;
  /** The id of the HTTP request that waits. */
  readonly requestId?: string | undefined;
  /** In the order in which they are tried. */
  readonly routes: readonly Route[];
  readonly stop: AbortController;
  /** The attempts that have failed. */
  readonly history: AttemptSummary[];
  attempt: number;
  taken: Taken;
  /** The provider of the attempt under way, held since the call was made: its name may lead elsewhere by now. */
  held?: Held | undefined;
  /** When a provider was last called. */
  calledAt: number;
  /** Follows the attempt under way. */
  watch?: AttemptWatch;
  usage: Usage;
}

/** Calls the provider of the attempt under way. @throws GenlockError `no_route`, also if the provider cannot make text */
export function openStream(call: InlineCall): AsyncIterable<TextEvent> {
  const { core, taken } = call;
  call.held?.release();
  call.held = core.providers.hold(taken.route.provider);
  call.calledAt = core.now();
  call.watch = watchAttempt(core, call.generation, taken.route);
  const provider = call.held?.provider;
  // If the caller left before the provider was called, certainly nothing was bought. So this must throw before the call.
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

/**
 * The number of the first attempt at this route. It determines the key: no job is known upstream, so a further call on the route uses the
 * same key.
 */
function firstAt({ attempt, history, taken }: InlineCall): number {
  const index = history.findIndex(({ route }) => route === routeName(taken.route));
  return index < 0 ? attempt : index + 1;
}

/** The event with the provider's token counts limited to what can be true, since the caller is shown and charged these counts. */
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

/** The tokens counted so far. Each event gives the sum, not an increment. */
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

/** If nothing was produced, or if a caller waiting for the whole text got nothing, the charge is zero, whatever the unit of the price. */
export function billOf(
  { generation, telling, usage }: InlineCall,
  status: SettleOutcome['status'],
): { readonly charge: number; readonly delivered: Usage } {
  const told = (usage.outputTokens ?? 0) > 0 && !(status === 'failed' && telling === 'whole');
  if (!told) return { charge: 0, delivered: { inputTokens: 0, outputTokens: 0 } };
  return { charge: chargeFor(generation.price, usage, generation.quote), delivered: usage };
}
