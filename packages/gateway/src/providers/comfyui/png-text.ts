const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const TEXTS = ['tEXt', 'zTXt', 'iTXt'];
/** Of a chunk beside its data: length, name and checksum (PNG, section 5.3). */
const FRAME = 12;

/**
 * A picture without the texts in it: ComfyUI writes the whole workflow into what it saves, which is the operator's. What is no PNG,
 * or a broken one, stays as it is.
 */
export function withoutTexts(bytes: Uint8Array): Uint8Array {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return bytes;
  const kept: Uint8Array[] = [SIGNATURE];
  for (let at = SIGNATURE.length; at < png.length; ) {
    if (at + FRAME > png.length) return bytes;
    const end = at + FRAME + png.readUInt32BE(at);
    if (end > png.length) return bytes;
    if (!TEXTS.includes(png.toString('latin1', at + 4, at + 8))) kept.push(png.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}
