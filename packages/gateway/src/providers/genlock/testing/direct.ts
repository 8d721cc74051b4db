import type { GenerationRequest } from '../../../domain/request.ts';
import type { Delivered, Provider, ProviderCall } from '../../port.ts';
import { callFor, runToEnd, tools } from '../../upstream/testing/call.ts';
import { createGenlock } from '../provider.ts';
import type { Settings } from '../settings.ts';

export function provider(settings: Settings): Provider {
  return createGenlock('up', { poll_interval: '20ms', ...settings }, tools);
}

/** A call as the gateway makes it, with data URLs as sources. */
export function call(request: GenerationRequest, more: Partial<ProviderCall> = {}): ProviderCall {
  return callFor('genlock/image', {
    request,
    fetchSource: async (url) => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'),
    deadlineAt: Date.now() + 60_000,
    ...more,
  });
}

/** Runs a call to its end. */
export async function done(up: Provider, made: ProviderCall): Promise<Delivered> {
  const reply = await runToEnd(up, made);
  if (reply.state === 'failed') throw reply.error;
  if (reply.state === 'accepted') throw new Error('not at its end');
  return reply;
}
