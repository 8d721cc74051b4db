/** Services that send signs of life during long work do so at least this often, so a longer silence means that the connection is dead. */
export const IDLE_MS = 120_000;

/**
 * A body as it arrives. Leaving the loop closes the connection.
 *
 * @param idleMs after this time without a byte the connection counts as dead
 * @throws errors of reading; `TimeoutError` if it is silent for too long
 */
export async function* readPieces(
  body: ReadableStream<Uint8Array> | null,
  idleMs: () => number | undefined = () => IDLE_MS,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await within(idleMs(), reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** The text of a body that arrives before a given time without falling silent. @throws as `readPieces` */
export async function readText({ body }: Response, ends = Number.POSITIVE_INFINITY): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of readPieces(body, () => Math.min(IDLE_MS, Math.max(0, ends - Date.now()))))
    text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

function within<T>(ms: number | undefined, reading: Promise<T>): Promise<T> {
  if (ms === undefined) return reading;
  return new Promise((resolve, reject) => {
    const expire = () => reject(new DOMException('The stream has gone silent.', 'TimeoutError'));
    const timer = setTimeout(expire, ms);
    reading.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
