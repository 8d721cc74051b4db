import { parentPort } from 'node:worker_threads';
import { toWire, type WireError } from './errors.ts';
import type { MediaJob, MediaResult } from './jobs.ts';

/** A worker's answer. It has one job at a time, so no id is needed. */
export type Answer = { ok: true; result: MediaResult } | { ok: false; error: WireError };

/** The code for each kind is imported on first use: a worker that only draws never loads an encoder or a voice. */
async function render(job: MediaJob): Promise<MediaResult> {
  switch (job.kind) {
    case 'image':
      return (await import('./image.ts')).renderImage(job);
    case 'video':
      return (await import('./video.ts')).renderVideo(job);
    case 'speech':
      return (await import('../speech/speech.ts')).renderSpeech(job);
  }
}

/** sharp and some encoders return memory that they own or share; only a buffer of our own can be transferred. */
function detachable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const whole = buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength;
  return whole && !Buffer.isBuffer(bytes) ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

parentPort?.on('message', async (job: MediaJob) => {
  try {
    const result = await render(job);
    const bytes = detachable(result.bytes);
    parentPort?.postMessage({ ok: true, result: { ...result, bytes } } satisfies Answer, [bytes.buffer]);
  } catch (error) {
    parentPort?.postMessage({ ok: false, error: toWire(error) } satisfies Answer);
  }
});
