import { registerAacEncoder } from '@mediabunny/aac-encoder';
import {
  AudioSample,
  AudioSampleSource,
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { type Frames, TICKS_PER_SECOND } from './frames.ts';
import { zeroDates } from './mp4-dates.ts';
import { SAMPLE_RATE } from './tone.ts';

let registered = false;

/**
 * Combines the encoded pictures, timed to the tick, and sound of the same length into one MP4 with its index first.
 *
 * @param sound interleaved stereo at `SAMPLE_RATE`
 */
export async function mux(
  h264: Uint8Array,
  timing: Frames,
  sound?: Float32Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const picture = new EncodedVideoPacketSource('avc');
  const track = sound && new EncodedAudioPacketSource('aac');
  // The "frame rate" only sets the track's time scale; the frames keep the times given below.
  output.addVideoTrack(picture, { frameRate: TICKS_PER_SECOND });
  if (track) output.addAudioTrack(track);
  await output.start();
  await Promise.all([addPicture(picture, h264, timing), track && addSound(track, sound, timing)]);
  await output.finalize();
  if (!target.buffer) throw new Error('the muxer gave no file');
  return zeroDates(new Uint8Array(target.buffer));
}

async function addPicture(to: EncodedVideoPacketSource, h264: Uint8Array, timing: Frames): Promise<void> {
  using input = new Input({ source: new BufferSource(h264), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new Error('the encoder gave no video');
  const colorSpace = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false } as const;
  const meta = { decoderConfig: { ...config, colorSpace } };
  let i = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const start = i++ * timing.ticksPerFrame;
    const ticks = Math.min(timing.ticksPerFrame, timing.totalTicks - start);
    await to.add(
      packet.clone({ timestamp: start / TICKS_PER_SECOND, duration: ticks / TICKS_PER_SECOND }),
      meta,
    );
  }
  if (i !== timing.count) throw new Error(`the encoder gave ${i} frames instead of ${timing.count}`);
  to.close();
}

/** AAC has blocks of 1024 samples. The duration of the last one is cut, so that sound and picture end together. */
async function addSound(to: EncodedAudioPacketSource, sound: Float32Array<ArrayBuffer>, timing: Frames) {
  using input = new Input({ source: new BufferSource(await encodeAac(sound)), formats: [MP4] });
  const track = await input.getPrimaryAudioTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new Error('the encoder gave no sound');
  const end = timing.totalTicks / TICKS_PER_SECOND;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    if (packet.timestamp >= end) break;
    const duration = Math.min(packet.duration, end - packet.timestamp);
    await to.add(packet.clone({ duration }), { decoderConfig: config });
  }
  to.close();
}

async function encodeAac(data: Float32Array<ArrayBuffer>): Promise<ArrayBuffer> {
  if (!registered) registerAacEncoder();
  registered = true;
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const source = new AudioSampleSource({ codec: 'aac', bitrate: 96_000 });
  output.addAudioTrack(source);
  await output.start();
  using sample = new AudioSample({
    data,
    format: 'f32',
    numberOfChannels: 2,
    sampleRate: SAMPLE_RATE,
    timestamp: 0,
  });
  await source.add(sample);
  await output.finalize();
  if (!target.buffer) throw new Error('the sound encoder gave nothing');
  return target.buffer;
}
