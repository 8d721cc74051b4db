import type { ImageRequest } from '../../../domain/request.ts';
import type { PollReply, Provider, ProviderCall } from '../../port.ts';
import type { ProviderTools } from '../../provider-type.ts';

export const IMAGE: ImageRequest = {
  kind: 'image',
  prompt: 'a mug',
  seed: 7,
  width: 64,
  height: 48,
  count: 1,
  format: 'png',
};

/** An attempt as the core makes it. */
export function callFor(model: string, more: Partial<ProviderCall> = {}): ProviderCall {
  return {
    idempotencyKey: 'gen_1',
    attempt: 1,
    model,
    mode: 'live',
    request: IMAGE,
    fetchSource: async () => new Uint8Array(),
    readArtifact: async () => new Uint8Array(),
    tell: () => {},
    signal: new AbortController().signal,
    ...more,
  };
}

/** Fetches without the outbound guard, because the other hosts are also on loopback. */
export const tools: ProviderTools = {
  folder: '.',
  fetchPublic: async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer.bytes();
  },
};

/** Orders and polls until the end, as the core does. */
export async function runToEnd(provider: Provider, call: ProviderCall): Promise<PollReply> {
  let reply: PollReply = await provider.submit(call);
  while (reply.state === 'accepted') reply = (await provider.poll?.(reply.upstreamId, call)) ?? reply;
  return reply;
}
