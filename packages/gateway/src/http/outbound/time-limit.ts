import { OutboundError, outboundError, sortError } from './outbound-error.ts';

export type TimeLimit = ReturnType<typeof timeLimit>;

interface Limits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** One clock and one signal for the whole call. Tells afterwards which of the two ended it. */
export function timeLimit(request: Limits) {
  const controller = new AbortController();
  let ended: 'timeout' | 'aborted' | undefined;
  const end = (reason: 'timeout' | 'aborted') => {
    ended ??= reason;
    controller.abort();
  };
  const abort = () => end('aborted');
  const timer = setTimeout(() => end('timeout'), request.timeoutMs);
  request.signal?.addEventListener('abort', abort, { once: true });
  if (request.signal?.aborted === true) abort();
  return {
    signal: controller.signal,
    abort,
    sort(error: unknown, url: URL): OutboundError {
      if (ended === undefined) return sortError(error, url, false);
      const status = error instanceof OutboundError ? error.status : undefined;
      const sorted = outboundError(ended, url);
      return status === undefined ? sorted : sorted.withStatus(status);
    },
    clear() {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
    },
  };
}
