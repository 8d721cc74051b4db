import { GenerationError } from '../../error.ts';
import { delayAfter } from '../../fetch/back-off.ts';
import { parseJson } from '../../json.ts';
import { sleep } from '../../sleep.ts';
import type { CallOptions } from '../options.ts';
import { readEvents } from '../sse-reader.ts';
import type { Transport } from '../transport.ts';
import type { Generation } from './types.ts';

/** An event in a generation's life. Pass its id as `lastEventId` to continue after it in a later call. */
export type GenerationEvent =
  | LifeEvent<'created', { readonly generation_id: string; readonly status: 'queued'; readonly at: string }>
  | LifeEvent<'started', { readonly generation_id: string; readonly status: 'running'; readonly at: string }>
  | LifeEvent<
      'progress',
      {
        readonly generation_id: string;
        readonly percent: number;
        readonly metrics: Readonly<Record<string, number>>;
      }
    >
  | LifeEvent<'ended', Generation>;

interface LifeEvent<T extends string, Data> {
  readonly type: T;
  readonly id: string;
  readonly data: Data;
}

export interface FollowOptions extends CallOptions {
  /** The id of the last event that an earlier call received. */
  readonly lastEventId?: string | undefined;
}

/** The number of connections in a row without a new event after which it gives up. */
const MAX_BROKEN = 8;
/** The server sends something every 15 s. */
const IDLE_MS = 60_000;

/**
 * The events of a generation until it has ended, each once. A connection that breaks or falls silent is opened again, after the last
 * complete event.
 */
export async function* follow(
  transport: Transport<'native'>,
  path: string,
  { lastEventId = '', signal = new AbortController().signal, headers }: FollowOptions = {},
): AsyncGenerator<GenerationEvent, void, undefined> {
  const seen = new Set<string>();
  let last = lastEventId;
  for (let broken = 1; ; broken += 1) {
    let trouble: unknown;
    let isOpen = false;
    try {
      const response = await transport.send({
        path,
        signal,
        once: true,
        headers: { ...headers, accept: 'text/event-stream', ...(last !== '' && { 'last-event-id': last }) },
      });
      isOpen = true;
      // All events have been received.
      if (response.status === 204) return;
      for await (const { id, event, data } of readEvents(response.body, IDLE_MS)) {
        // A proxy may have removed the `Last-Event-ID` header, so events can repeat.
        if (id !== '' && seen.has(id)) continue;
        seen.add(id);
        last = id || last;
        broken = 0;
        const told = { type: event, id, data: parseJson(data) };
        if (!isKnown(told)) continue;
        yield told;
        if (told.type === 'ended') return;
      }
    } catch (thrown) {
      signal.throwIfAborted();
      // Anything but an error of the service is a mistake in the call.
      if (!isOpen && !GenerationError.isInstance(thrown)) throw thrown;
      trouble = thrown;
    }
    const hint = GenerationError.isInstance(trouble) ? trouble.retryAfterMs : null;
    const pause = delayAfter(broken || 1, hint, undefined, Math.random);
    if (broken >= MAX_BROKEN || pause === undefined || !mayPass(trouble)) throw lost(trouble);
    await sleep(pause, signal);
  }
}

/** Events that are newer than this package are skipped. */
function isKnown(event: {
  readonly type: string;
  readonly id: string;
  readonly data: unknown;
}): event is GenerationEvent {
  const name = event.type as GenerationEvent['type'];
  switch (name) {
    case 'created':
    case 'started':
    case 'progress':
    case 'ended':
      return event.data !== undefined;
    default: {
      name satisfies never;
      return false;
    }
  }
}

function mayPass(trouble: unknown): boolean {
  if (!GenerationError.isInstance(trouble)) return true;
  return trouble.retry === 'backoff' || trouble.retry === 'after_delay';
}

function lost(trouble: unknown): unknown {
  if (GenerationError.isInstance(trouble)) return trouble;
  return new GenerationError({
    code: 'upstream_unavailable',
    dialect: 'native',
    message: 'native: the stream of events breaks off again and again.',
    cause: trouble,
  });
}
