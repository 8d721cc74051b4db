import { GenlockError } from '../domain/error.ts';
import type { GenerationRequest } from '../domain/request.ts';
import type { Provider, ProviderCall, ProviderReply, TextEvent } from '../providers/port.ts';
import { MediaPool } from '../providers/sandbox/media/pool.ts';
import { createSandbox } from '../providers/sandbox/sandbox.ts';
import { probeMedia } from '../server/probe-media.ts';

/** A provider in place of the sandbox, with files like the sandbox's, that charges for each call and honours no keys. */
export interface PaidSandbox extends Provider {
  /** The number of calls that would have to be paid. */
  paid(): number;
  /** `refuses`: it refuses everything. `endless`: its jobs do not end. */
  mood: 'works' | 'refuses' | 'endless';
}

const sandbox = createSandbox({ media: new MediaPool(), probe: probeMedia });
/** Results are shared by all gateways: the same order gives the same files. */
const made = new Map<string, Promise<ProviderReply>>();
const written = new Map<string, readonly TextEvent[]>();

/** Pictures come with the answer to the call; everything else is a job that is polled. */
export function paidSandbox(): PaidSandbox {
  let calls = 0;
  const jobs = new Map<string, Promise<ProviderReply>>();
  const provider: PaidSandbox = {
    name: 'sandbox',
    capabilities: { safeToResend: false, lookup: false, cancel: false },
    mood: 'works',
    paid: () => calls,
    countTokens: (text) => Math.ceil(text.length / 4),
    async submit(call) {
      calls += 1;
      if (provider.mood === 'refuses') throw new GenlockError('content_rejected');
      if (provider.mood === 'endless') return endless(`up_${calls}`);
      const small = { ...call, request: reduced(call.request) };
      const result = made.get(nameOf(small)) ?? sandbox.submit(small);
      made.set(nameOf(small), result);
      if (call.request.kind === 'image') return result;
      const upstreamId = `up_${calls}`;
      jobs.set(upstreamId, result);
      return { state: 'accepted', upstreamId, pollAfterMs: 0 };
    },
    poll: async (upstreamId) => {
      const job = jobs.get(upstreamId);
      return job ?? endless(upstreamId);
    },
    async *stream(call) {
      calls += 1;
      const known = written.get(nameOf(call));
      if (known !== undefined) return yield* known;
      const events: TextEvent[] = [];
      for await (const event of sandbox.stream?.(call) ?? []) {
        events.push(event);
        yield event;
      }
      written.set(nameOf(call), events);
    },
  };
  return provider;
}

function endless(upstreamId: string): ProviderReply {
  return { state: 'accepted', upstreamId, pollAfterMs: 60_000 };
}

/** Less than was ordered, so that it is quick to make. The charge is reduced accordingly. */
function reduced(request: GenerationRequest): GenerationRequest {
  if (request.kind === 'image') return { ...request, width: 128, height: 128 };
  if (request.kind === 'video') return { ...request, width: 128, height: 96, seconds: 1 };
  return request;
}

function nameOf({ model, request }: ProviderCall): string {
  return JSON.stringify([model, { ...request, seed: 0 }]);
}
