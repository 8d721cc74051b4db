/** Services that say something now and then while they think do so at least this often; silence is a dead connection. */
export const IDLE_MS = 120_000;

/**
 * A body as it comes. Leaving the loop ends the connection.
 *
 * @param idleMs without a byte for so long the connection counts as dead
 * @throws what reading throws; `TimeoutError` when it is silent for too long
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

/** The text of a body that comes before a point in time, without falling silent. @throws as `readPieces` */
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
