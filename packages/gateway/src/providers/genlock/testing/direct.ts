import type { GenerationRequest } from '../../../domain/generation.ts';
import { createOutbound } from '../../../http/outbound.ts';
import type { Delivered, Provider, ProviderCall } from '../../port.ts';
import type { ProviderTools } from '../../provider-type.ts';
import { createGenlock } from '../provider.ts';
import type { Settings } from '../settings.ts';

/** Links of an emulator are on loopback. */
const tools: ProviderTools = {
  fetchPublic: async (url) => {
    const outbound = createOutbound({ allow: [], allowLoopback: true });
    const { body } = await outbound.fetch(url, { timeoutMs: 10_000, maxBytes: 1e9, maxRedirects: 0 });
    await outbound.close();
    return body;
  },
};

export function provider(settings: Settings): Provider {
  return createGenlock('up', { poll_interval: '20ms', ...settings }, tools);
}

/** A call as the gateway makes it. */
export function call(request: GenerationRequest, more: Partial<ProviderCall> = {}): ProviderCall {
  return {
    ...{ idempotencyKey: 'gen_1', attempt: 1, model: 'genlock/image', mode: 'live', request },
    fetchSource: async (url) => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'),
    readArtifact: () => Promise.reject(new Error('nothing')),
    tell: () => {},
    signal: new AbortController().signal,
    deadlineAt: Date.now() + 60_000,
    ...more,
  };
}

/** To the end. */
export async function done(up: Provider, made: ProviderCall): Promise<Delivered> {
  const reply = await up.submit(made);
  return reply.state === 'finished' ? reply : endOf(up, reply.upstreamId, made);
}

export async function endOf(up: Provider, upstreamId: string, made: ProviderCall): Promise<Delivered> {
  for (;;) {
    const reply = await up.poll?.(upstreamId, made);
    if (reply?.state === 'finished') return reply;
    if (reply?.state === 'failed') throw reply.error;
    await new Promise((next) => setTimeout(next, reply?.pollAfterMs ?? 10));
  }
}
