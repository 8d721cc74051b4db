import type { EventEmitter } from 'node:events';
import type { Yuv } from './yuv.ts';

const EVENTS = ['uncaughtException', 'unhandledRejection'];

/** From 10 (best) to 51 (smallest). At 26 the gradients of the scenes show no blocks. */
const QUANTIZER = 26;

/**
 * Loading the encoder makes its Emscripten runtime listen for uncaught errors and rethrow them with a megabyte of minified source. The
 * listeners are removed again, so that errors stay readable.
 */
async function load() {
  const runtime: EventEmitter = process;
  const before = new Set(EVENTS.flatMap((event) => runtime.listeners(event)));
  const { default: encoder } = await import('h264-mp4-encoder');
  for (const event of EVENTS) {
    for (const listener of runtime.rawListeners(event)) {
      if (!before.has(listener)) runtime.off(event, listener as () => void);
    }
  }
  return encoder.createH264MP4Encoder();
}

/**
 * Encodes frames as H.264 baseline into the encoder's own MP4, whose timing is not used later.
 *
 * @param draw returns frame `i`; its buffer is read before the next call
 */
export async function encodeH264(
  width: number,
  height: number,
  count: number,
  keyframeEvery: number,
  draw: (i: number) => Yuv,
): Promise<Uint8Array> {
  const h264 = await load();
  try {
    h264.width = width;
    h264.height = height;
    h264.quantizationParameter = QUANTIZER;
    h264.speed = 10;
    h264.groupOfPictures = keyframeEvery;
    h264.initialize();
    for (let i = 0; i < count; i++) h264.addFrameYuv(draw(i).bytes);
    h264.finalize();
    return h264.FS.readFile(h264.outputFilename);
  } finally {
    // The file is in WASM memory that all encoders of this thread share.
    if (h264.FS.readdir('/').includes(h264.outputFilename)) h264.FS.unlink(h264.outputFilename);
    h264.delete();
  }
}
