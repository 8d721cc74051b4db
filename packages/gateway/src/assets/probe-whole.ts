import { text, uint32 } from './probe-bytes.ts';
import { mp3FrameSize, mp3IsWhole } from './probe-mp3.ts';

export type Container = 'isobmff' | 'ebml' | 'wave' | 'mp3';

const ISOBMFF_FIRST = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp']);

/** The container format that the file's first bytes show; undefined: none of these. */
export function containerAt(bytes: Uint8Array): Container | undefined {
  if (bytes.length < 12) return undefined;
  if (ISOBMFF_FIRST.has(text(bytes, 4))) return 'isobmff';
  if (uint32(bytes, 0) === 0x1a45dfa3) return 'ebml';
  if (text(bytes, 0) === 'RIFF' && text(bytes, 8) === 'WAVE') return 'wave';
  if (text(bytes, 0).startsWith('ID3') || mp3FrameSize(bytes, 0) !== undefined) return 'mp3';
  return undefined;
}

/**
 * Whether the sizes in a container fit the file. Media readers are lenient by design and play what is there, but a gateway that bills by
 * the second must notice that the rest is missing.
 */
export function isWhole(bytes: Uint8Array, container: Container): boolean {
  switch (container) {
    case 'isobmff':
      return isobmffIsWhole(bytes);
    case 'ebml':
      return ebmlIsWhole(bytes);
    case 'wave':
      return riffIsWhole(bytes);
    case 'mp3':
      return mp3IsWhole(bytes);
  }
}

/** ISO 14496-12: boxes follow one another to the very end, and one of them is the index. */
function isobmffIsWhole(bytes: Uint8Array): boolean {
  let indexed = false;
  let at = 0;
  while (at + 8 <= bytes.length) {
    const short = uint32(bytes, at);
    if (short === 1 && at + 16 > bytes.length) return false;
    const long = short === 1 ? uint32(bytes, at + 8) * 2 ** 32 + uint32(bytes, at + 12) : short;
    const size = short === 0 ? bytes.length - at : long;
    if (size < (short === 1 ? 16 : 8)) return false;
    if (text(bytes, at + 4) === 'moov') indexed = true;
    at += size;
  }
  return indexed && at === bytes.length;
}

/** RFC 8794: elements follow one another. The segment of a live recording may have no size and can then end anywhere. */
function ebmlIsWhole(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    const id = vint(bytes, at);
    const size = id && vint(bytes, at + id.length);
    if (!id || !size) return false;
    if (size.unknown) return true;
    at += id.length + size.length + size.value;
  }
  return at === bytes.length;
}

function vint(
  bytes: Uint8Array,
  at: number,
): { length: number; value: number; unknown: boolean } | undefined {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (first === 0 || at + length > bytes.length) return undefined;
  let value = first & (0xff >> length);
  let ones = value === 0xff >> length;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    value = value * 256 + byte;
    ones &&= byte === 0xff;
  }
  return { length, value, unknown: ones };
}

/** A writer that could not seek back leaves a size of 0 or 2³²−1; such a file ends where it ends. */
export function riffIsWhole(bytes: Uint8Array): boolean {
  const open = (size: number) => size === 0 || size === 0xffffffff;
  const whole = uint32(bytes, 4, true);
  if (!open(whole) && whole + 8 > bytes.length) return false;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = uint32(bytes, at + 4, true);
    if (text(bytes, at) === 'data' && open(size)) return true;
    // A chunk of odd size is padded to an even one, but some writers omit the last pad byte.
    if (at + 8 + size > bytes.length) return false;
    at += 8 + size + (size % 2);
  }
  return true;
}

/** ISO 15948: chunks follow one another until IEND. Decoders stop after the pixels, so they do not notice a cut behind them. */
export function pngIsWhole(bytes: Uint8Array): boolean {
  for (let at = 8; at + 12 <= bytes.length; at += 12 + uint32(bytes, at)) {
    if (text(bytes, at + 4) === 'IEND') return true;
  }
  return false;
}
