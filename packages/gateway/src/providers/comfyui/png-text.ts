const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const TEXTS = ['tEXt', 'zTXt', 'iTXt'];
/** Bytes of a chunk besides its data: length, name and checksum (PNG, section 5.3). */
const FRAME = 12;

/**
 * Removes the texts from a PNG: ComfyUI writes the whole workflow, which is the operator's, into the files that it saves. Anything but a
 * valid PNG stays unchanged.
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
