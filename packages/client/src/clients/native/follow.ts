import { GenerationError } from '../../error.ts';
import { delayAfter } from '../../fetch/back-off.ts';
import { parseJson } from '../../json.ts';
import { sleep } from '../../sleep.ts';
import type { CallOptions } from '../options.ts';
import { readEvents } from '../sse-reader.ts';
import type { Transport } from '../transport.ts';
import type { Generation } from './types.ts';

/** An event of a generation's life. With its id as `lastEventId`, a later call goes on behind it. */
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
  /** What was seen by an earlier call. */
  readonly lastEventId?: string | undefined;
}

/** Connections in a row without a new event, before it is given up. */
const MAX_BROKEN = 8;
/** The server says something every 15 s. */
const IDLE_MS = 60_000;

/**
 * The events of a generation until it has ended, each once. A connection that breaks or falls silent is made again, behind the last
 * event that came whole.
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
      // Everything was seen.
      if (response.status === 204) return;
      for await (const { id, event, data } of readEvents(response.body, IDLE_MS)) {
        // Something in between may have lost what was asked for.
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
      // What is no error of the service is a mistake in the call.
      if (!isOpen && !GenerationError.isInstance(thrown)) throw thrown;
      trouble = thrown;
    }
    const hint = GenerationError.isInstance(trouble) ? trouble.retryAfterMs : null;
    const pause = delayAfter(broken || 1, hint, undefined, Math.random);
    if (broken >= MAX_BROKEN || pause === undefined || !mayPass(trouble)) throw lost(trouble);
    await sleep(pause, signal);
  }
}

/** What is newer than this package is left out. */
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
