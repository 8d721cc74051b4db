import type { PollReply, Provider, ProviderCall } from './port.ts';

/**
 * The provider, which lets another one look after its jobs where it cannot: the one that has taken its place at the same upstream,
 * with another key, mostly because the old key is about to be void. That one is believed when it knows a job. What it says of jobs
 * that it does not know, or that it takes for failed, may be due to another account, and would have them ordered again.
 *
 * @param successor undefined as long as there is none
 */
export function withSuccessor(provider: Provider, successor: () => Provider | undefined): Provider {
  const { poll, find, cancel } = provider;
  return {
    ...provider,
    ...(poll && {
      poll: (upstreamId: string, call: ProviderCall) =>
        poll.call(provider, upstreamId, call).catch(async (error: unknown): Promise<PollReply> => {
          const reply = await ask(call, error, () => successor()?.poll?.(upstreamId, call));
          if (reply === undefined || reply.state === 'failed') throw error;
          return reply;
        }),
    }),
    ...(find && {
      find: async (call: ProviderCall) => {
        const own = await find.call(provider, call).catch((error: unknown) => ({ error }));
        if (typeof own === 'object' && 'upstreamId' in own) return own;
        const failure = typeof own === 'object' ? own.error : undefined;
        if (own !== 'never_arrived') {
          const found = await ask(call, failure, () => successor()?.find?.(call));
          if (typeof found === 'object') return found;
        }
        if (typeof own === 'object') throw failure;
        return own;
      },
    }),
    ...(cancel && {
      // Not every upstream tells that it did not cancel; to ask twice does no harm.
      cancel: async (upstreamId: string) => {
        const other = successor()?.cancel?.(upstreamId);
        const asked = [cancel.call(provider, upstreamId), ...(other === undefined ? [] : [other])];
        const [own, theirs] = await Promise.allSettled(asked);
        if (own?.status === 'rejected' && theirs?.status !== 'fulfilled') throw own.reason;
      },
    }),
  };
}

/** What the other one says, if anything. @throws what stopped the call, where it was stopped */
async function ask<Reply>(
  { signal }: ProviderCall,
  error: unknown,
  question: () => Promise<Reply> | undefined,
): Promise<Reply | undefined> {
  if (signal.aborted) throw error;
  return question()?.catch(() => undefined);
}
