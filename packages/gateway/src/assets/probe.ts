import type { MediaFacts, UnreadableReason } from './media-facts.ts';
import { readContainer } from './probe-process.ts';
import { type Container, containerAt, isWhole, pngIsWhole, riffIsWhole } from './probe-whole.ts';

export class UnreadableMediaError extends Error {
  override name = 'UnreadableMediaError';
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, detail: string, options?: ErrorOptions) {
    super(`unreadable media (${reason}): ${detail}`, options);
    this.reason = reason;
  }
}

/** 50 megapixels are 150–200 MB once decoded. Larger images are refused by their header, before any decoding. */
const MAX_PIXELS = 50_000_000;

/** The longest side of a JPEG. A PNG may declare a longer one with few pixels in all, and libvips cannot shrink that. */
const MAX_SIDE = 65_535;

type ImageType = 'jpeg' | 'png' | 'webp';

/**
 * Reads the whole file. Images (JPEG, PNG, WebP) are decoded to the last row. Of MP4, MOV, WebM, Matroska, WAV and MP3 every packet is
 * located and read, but not decoded. Decoding runs off this thread, with limits on pixels, memory and time.
 *
 * @throws UnreadableMediaError
 */
export async function probe(bytes: Uint8Array): Promise<MediaFacts> {
  const image = imageAt(bytes);
  if (image) return probeImage(bytes, image);
  const container = containerAt(bytes);
  if (!container) throw new UnreadableMediaError('unrecognised', 'neither an image nor a known container');
  return probeContainer(bytes, container);
}

function imageAt(bytes: Uint8Array): ImageType | undefined {
  const starts = (at: number, ...magic: number[]) => magic.every((byte, i) => bytes[at + i] === byte);
  if (starts(0, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0, 0x52, 0x49, 0x46, 0x46) && starts(8, 0x57, 0x45, 0x42, 0x50)) return 'webp';
  return undefined;
}

async function probeImage(bytes: Uint8Array, type: ImageType): Promise<MediaFacts> {
  // Imported here because sharp costs 30 MB and some time, which a gateway that sees no images can save.
  const { default: sharp } = await import('sharp');
  sharp.cache(false); // no file comes twice
  const open = () => sharp(bytes, { failOn: 'warning', limitInputPixels: false, sequentialRead: true });
  const { format, autoOrient } = await open()
    .metadata()
    .catch((cause: unknown) => {
      throw new UnreadableMediaError('truncated', 'the image header cannot be read', { cause });
    });
  if (format !== type) throw new UnreadableMediaError('unrecognised', `not a ${type}`);
  const { width, height } = autoOrient;
  if (width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE) {
    throw new UnreadableMediaError(
      'too_many_pixels',
      `${width}×${height} is more than ${MAX_PIXELS} pixels, or ${MAX_SIDE} in a row`,
    );
  }
  if (!imageIsWhole(bytes, type)) throw new UnreadableMediaError('truncated', 'the file is cut');
  try {
    // Every row is decoded, while only a thumbnail is kept in memory. Shrink-on-load would skip part of the decoding.
    await open().resize({ width: 16, height: 16, fit: 'fill', fastShrinkOnLoad: false }).raw().toBuffer();
  } catch (cause) {
    throw new UnreadableMediaError('truncated', 'the image does not decode to its end', { cause });
  }
  return { kind: 'image', contentType: `image/${type}`, width, height };
}

/**
 * What decoding does not notice: only the first picture of an animation is decoded, and a PNG's pixels end before its file does. A JPEG
 * without its end marker fails to decode anyway.
 */
function imageIsWhole(bytes: Uint8Array, type: ImageType): boolean {
  return type === 'jpeg' || (type === 'png' ? pngIsWhole(bytes) : riffIsWhole(bytes));
}

async function probeContainer(bytes: Uint8Array, container: Container): Promise<MediaFacts> {
  if (!isWhole(bytes, container)) throw new UnreadableMediaError('truncated', 'the file is cut');
  const outcome = await readContainer(bytes);
  if (outcome.kind === 'unreadable') throw new UnreadableMediaError(outcome.reason, outcome.detail);
  return outcome.facts;
}
