import { CallBook } from './call-book.ts';
import type { MediaFiles } from './files.ts';
import { type LocalServer, serve } from './http-server.ts';
import type { Random } from './random.ts';
import { answerAtOnce } from './upstream-at-once.ts';
import { createQueue } from './upstream-queue.ts';

export interface LyingUpstream extends LocalServer {
  readonly book: CallBook;
}

/**
 * Paid servers of a third party at their worst: `/at-once` speaks OpenAI's API and ignores keys, `/keyed` is the same and does nothing
 * twice for one `Idempotency-Key`, `/queue` speaks Replicate's API. They share one book of what was ordered and what has to be paid.
 */
export async function startUpstream(random: Random, files: MediaFiles): Promise<LyingUpstream> {
  const book = new CallBook();
  const queue = createQueue({ random, files, book, origin: () => server.url });
  const done = new Map<string, string>();
  const server = await serve(async (call) => {
    if (call.path.startsWith('/queue/')) return queue(call);
    const key = call.path.startsWith('/keyed/') ? String(call.headers['idempotency-key']) : undefined;
    return answerAtOnce(call, { random, files, book, key, done });
  });
  return { ...server, book };
}
