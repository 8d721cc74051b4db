import type { PollReply, Provider, ProviderCall } from './port.ts';

/**
 * The provider, with another one that can look after its jobs if it no longer can itself: its successor at the same upstream with another
 * key, usually because the old key is about to expire. The successor is believed if it knows a job. If it does not know the job, or takes
 * it for failed, that may be because of another account, and believing it would order the work again.
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
      // Not every upstream reports that it did not cancel, and asking twice does no harm.
      cancel: async (upstreamId: string) => {
        const other = successor()?.cancel?.(upstreamId);
        const asked = [cancel.call(provider, upstreamId), ...(other === undefined ? [] : [other])];
        const [own, theirs] = await Promise.allSettled(asked);
        if (own?.status === 'rejected' && theirs?.status !== 'fulfilled') throw own.reason;
      },
    }),
  };
}

/** The answer of the successor, if there is one. @throws the reason of the abort, if the call was aborted */
async function ask<Reply>(
  { signal }: ProviderCall,
  error: unknown,
  question: () => Promise<Reply> | undefined,
): Promise<Reply | undefined> {
  if (signal.aborted) throw error;
  return question()?.catch(() => undefined);
}
