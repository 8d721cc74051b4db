/** As much as is read of an error: more is no error of any of these APIs. */
const MAX_BYTES = 256 * 1024;

/** The text of a body as far as it comes, then the connection is let go. Never throws: a body that was read before is empty. */
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
      // Not awaited: of a clone, this waits for the other half.
      if (bytes >= maxBytes) {
        reader.cancel().catch(() => undefined);
        break;
      }
    }
  } catch {
    // Cut off: what came is all that there is.
  }
  return text;
}
