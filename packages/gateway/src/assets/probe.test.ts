import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { renderVideo } from '../providers/sandbox/media/video.ts';
import { probe } from './probe.ts';

const noise = (width: number, height: number) =>
  sharp(
    Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 253),
    { raw: { width, height, channels: 3 } },
  );

const reason = (bytes: Uint8Array) =>
  probe(bytes).then(
    (facts) => `read as ${facts.contentType}`,
    (error) => (error.name === 'UnreadableMediaError' ? error.reason : error),
  );

/** PCM, mono, 16 bit, 8 kHz. */
function wav(seconds: number): Uint8Array {
  const size = seconds * 16_000;
  const bytes = Buffer.alloc(44 + size);
  bytes.write('RIFF', 0).toString();
  bytes.writeUInt32LE(36 + size, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  for (const [i, value] of [1, 1].entries()) bytes.writeUInt16LE(value, 20 + 2 * i);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16_000, 28);
  for (const [i, value] of [2, 16].entries()) bytes.writeUInt16LE(value, 32 + 2 * i);
  bytes.write('data', 36);
  bytes.writeUInt32LE(size, 40);
  return new Uint8Array(bytes);
}

/** MPEG 1 layer III, 128 kbit/s, 44.1 kHz, without padding: 417 bytes and 1152 samples a frame, all silence. */
function mp3(frames: number): Uint8Array {
  const bytes = new Uint8Array(417 * frames);
  for (let i = 0; i < frames; i++) bytes.set([0xff, 0xfb, 0x90, 0xc4], 417 * i);
  return bytes;
}

const clip = () =>
  renderVideo({
    kind: 'video',
    prompt: 'x',
    seed: 1,
    width: 64,
    height: 48,
    durationSeconds: 1,
    sound: true,
  }).then(({ bytes }) => bytes);

/** Cuts close to the end, which lenient readers do not notice, and throughout the file. */
const cuts = (size: number) => [
  size - 1,
  size - 2,
  size - 13,
  ...[0.9, 0.7, 0.5, 0.2].map((f) => Math.floor(size * f)),
];

describe('images', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('%s: size and type, and no cut goes unseen', async (format) => {
    const bytes = new Uint8Array(await noise(90, 70).toFormat(format).toBuffer());
    expect(await probe(bytes)).toEqual({
      kind: 'image',
      contentType: `image/${format}`,
      width: 90,
      height: 70,
    });
    for (const cut of cuts(bytes.length)) expect(await reason(bytes.slice(0, cut))).toBe('truncated');
  });

  test('the size is the one shown: a turned camera picture stands upright', async () => {
    const bytes = await noise(90, 70).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await probe(bytes)).toMatchObject({ width: 70, height: 90 });
  });

  test('too many pixels are refused by the header', async () => {
    const bytes = await sharp({ create: { width: 7100, height: 7100, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    expect(await reason(bytes)).toBe('too_many_pixels');
  });

  test('so are too many in a row', async () => {
    const bytes = await noise(9, 9).png().toBuffer();
    const size = bytes.subarray(16, 24);
    size.writeUInt32BE(16_000_000);
    size.writeUInt32BE(1, 4);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    expect(await reason(bytes)).toBe('too_many_pixels');
  });

  test('a GIF, an SVG and a TIFF are not images here', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    for (const bytes of [
      await noise(9, 9).gif().toBuffer(),
      Buffer.from(svg),
      await noise(9, 9).tiff().toBuffer(),
    ]) {
      expect(await reason(bytes)).toBe('unrecognised');
    }
  });
});

describe('sound and video', () => {
  test('MP4: everything, and no cut goes unseen', async () => {
    const bytes = await clip();
    expect(await probe(bytes)).toEqual({
      kind: 'video',
      contentType: 'video/mp4',
      width: 64,
      height: 48,
      durationSeconds: 1,
      fps: 24,
      hasSound: true,
    });
    for (const cut of cuts(bytes.length)) expect(await reason(bytes.slice(0, cut))).toBe('truncated');
  });

  test('MP4: a box made to fit the cut does not hide that samples are missing', async () => {
    const bytes = await clip();
    const at = Buffer.from(bytes).indexOf('mdat') - 4;
    const cut = bytes.slice(0, at + Math.floor((bytes.length - at) / 2));
    new DataView(cut.buffer).setUint32(at, cut.length - at);
    expect(await reason(cut)).toBe('truncated');
  });

  test('WAV', async () => {
    const bytes = wav(1.5);
    expect(await probe(bytes)).toEqual({
      kind: 'audio',
      contentType: 'audio/wav',
      durationSeconds: 1.5,
      hasSound: true,
    });
    for (const cut of cuts(bytes.length)) expect(await reason(bytes.slice(0, cut))).toBe('truncated');
  });

  test('MP3', async () => {
    const bytes = mp3(50);
    expect(await probe(bytes)).toMatchObject({ kind: 'audio', contentType: 'audio/mpeg' });
    expect((await probe(bytes)).durationSeconds).toBeCloseTo((50 * 1152) / 44_100, 4);
    for (const cut of [bytes.length - 1, bytes.length - 200, 5000]) {
      expect(await reason(bytes.slice(0, cut))).toBe('truncated');
    }
  });
});

describe('hostile input', () => {
  test('is refused', async () => {
    expect(await reason(new Uint8Array())).toBe('unrecognised');
    expect(await reason(new Uint8Array(5000).fill(0x41))).toBe('unrecognised');
    expect(await reason(Buffer.from('\x00\x00\x00\x10ftypisom\x00\x00\x00\x00', 'latin1'))).toBe('truncated');
    expect(await reason(Buffer.from('ÿØÿà and then no picture at all', 'latin1'))).toBe('truncated');
  });

  test('a table that announces four billion entries costs a process of its own, not ours', async () => {
    const box = (type: string, ...parts: Uint8Array[]) => {
      const body = Buffer.concat(parts);
      const head = Buffer.alloc(8);
      head.writeUInt32BE(body.length + 8, 0);
      head.write(type, 4);
      return Buffer.concat([head, body]);
    };
    const words = (...values: number[]) =>
      Buffer.concat(values.map((v) => Buffer.from(Uint32Array.of(v).buffer).swap32()));
    const bytes = await clip();
    const moov = Buffer.from(bytes);
    const mvex = box('mvex', box('trex', words(0, 1, 1, 100, 10, 0)));
    const start = moov.indexOf('moov') - 4;
    const size = moov.readUInt32BE(start);
    const index = box('moov', moov.subarray(start + 8, start + size), mvex);
    // No flags: every sample has the defaults, so the table needs no bytes.
    const trun = box('trun', words(0, 0xffffffff));
    const moof = box('moof', box('mfhd', words(0, 1)), box('traf', box('tfhd', words(0x020000, 1)), trun));
    const file = Buffer.concat([moov.subarray(0, start), index, moof, box('mdat', Buffer.alloc(64))]);
    expect(await reason(file)).toMatch(/unrecognised|truncated/);
    expect(await probe(wav(1))).toMatchObject({ durationSeconds: 1 });
  });
});
