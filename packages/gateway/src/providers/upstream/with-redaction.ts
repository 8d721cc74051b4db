import { GenlockError } from '../../domain/error.ts';
import { textsOf } from '../../domain/request.ts';
import type { PollReply, Provider, ProviderCall, ProviderReply } from '../port.ts';
import { redact } from './redact.ts';

/** The provider with errors from which everything confidential is removed: `secrets`, and what callers wrote. */
export function withRedaction(provider: Provider, secrets: readonly string[]): Provider {
  const clean = (thrown: unknown, call: ProviderCall): GenlockError => {
    const error = GenlockError.from(thrown, 'upstream_failed');
    const { raw = causeOf(thrown), cause: _, ...detail } = error.detail;
    return new GenlockError(error.code, error.message, {
      ...detail,
      ...(raw !== undefined && { raw: redact(raw, secrets, textsOf(call.request)) }),
    });
  };
  const cleanly = async <T>(call: ProviderCall, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw call.signal.aborted ? error : clean(error, call);
    }
  };
  const cleanFiles = (reply: ProviderReply, call: ProviderCall): ProviderReply =>
    reply.state === 'finished' && reply.lostFiles !== undefined
      ? { ...reply, lostFiles: reply.lostFiles.map((error) => clean(error, call)) }
      : reply;
  const { stream, poll, find } = provider;
  return {
    ...provider,
    submit: (call) => cleanly(call, async () => cleanFiles(await provider.submit(call), call)),
    ...(stream && {
      async *stream(call: ProviderCall) {
        try {
          yield* stream.call(provider, call);
        } catch (error) {
          throw clean(error, call);
        }
      },
    }),
    ...(poll && {
      poll: (upstreamId: string, call: ProviderCall) =>
        cleanly(call, async (): Promise<PollReply> => {
          const reply = await poll.call(provider, upstreamId, call);
          return reply.state === 'failed'
            ? { ...reply, error: clean(reply.error, call) }
            : cleanFiles(reply, call);
        }),
    }),
    ...(find && { find: (call: ProviderCall) => cleanly(call, () => find.call(provider, call)) }),
  };
}

/** A bug of ours in reading the answer, which is worth recording if there is no better message. */
function causeOf(thrown: unknown): string | undefined {
  return thrown instanceof GenlockError ? undefined : String(thrown);
}
