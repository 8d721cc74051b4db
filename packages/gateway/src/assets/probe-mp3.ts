import { text, uint32 } from './probe-bytes.ts';

/** Checks that frames follow one another without a gap. There may be tags before and after them, but no partial frame. */
export function mp3IsWhole(bytes: Uint8Array): boolean {
  let at = 0;
  while (text(bytes, at).startsWith('ID3')) {
    const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + ((bytes[at + i] ?? 0) & 127), 0);
    at += 10 + size;
  }
  const announced = announcedFrames(bytes, at);
  for (let frames = 0; ; frames++) {
    const size = mp3FrameSize(bytes, at);
    if (size === undefined)
      return frames > (announced ?? 0) && (at === bytes.length || bytes.length - at > 3);
    at += size;
    if (at > bytes.length) return false;
  }
}

/** The number of frames according to the "Xing" or "Info" frame that encoders put first; that frame itself is not counted. */
function announcedFrames(bytes: Uint8Array, first: number): number | undefined {
  for (const offset of [13, 21, 36]) {
    const at = first + offset;
    if (!['Xing', 'Info'].includes(text(bytes, at))) continue;
    return uint32(bytes, at + 4) & 1 ? uint32(bytes, at + 8) : undefined;
  }
  return undefined;
}

const KBPS_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBPS_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const HERTZ = [44_100, 48_000, 32_000];

/** ISO 11172-3 and 13818-3, layer III; undefined if no such frame begins there. */
export function mp3FrameSize(bytes: Uint8Array, at: number): number | undefined {
  if (at + 4 > bytes.length) return undefined;
  const head = uint32(bytes, at);
  if (head >>> 21 !== 0x7ff || ((head >>> 17) & 3) !== 1) return undefined;
  const version = (head >>> 19) & 3;
  const kbps = (version === 3 ? KBPS_V1 : KBPS_V2)[(head >>> 12) & 15];
  const base = HERTZ[(head >>> 10) & 3];
  if (version === 1 || !kbps || !base) return undefined;
  const hertz = version === 3 ? base : version === 2 ? base / 2 : base / 4;
  return Math.floor(((version === 3 ? 144 : 72) * kbps * 1000) / hertz) + ((head >>> 9) & 1);
}
