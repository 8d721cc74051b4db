/** The most that is read of an error; no error of these APIs is larger. */
const MAX_BYTES = 256 * 1024;

/**
 * The text of a body as far as it can be read; then the connection is closed. Never throws: a body that was read before counts as empty.
 */
export async function readBody(response: Response, maxBytes = MAX_BYTES): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    const reader = response.body?.getReader();
    for (let bytes = 0; reader !== undefined; ) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      bytes += value.byteLength;
      // Not awaited: with a cloned response this would wait for the other half.
      if (bytes >= maxBytes) {
        reader.cancel().catch(() => undefined);
        break;
      }
    }
  } catch {
    // Cut off: what has arrived is all that there is.
  }
  return text;
}
