import { registerMp3Encoder } from '@mediabunny/mp3-encoder';
import { AudioSample, AudioSampleSource, BufferTarget, Mp3OutputFormat, Output } from 'mediabunny';

registerMp3Encoder();

/** Enough for one voice at 22 kHz. */
const BITS_PER_SECOND = 64_000;

/** Below 32 kHz an MP3 is MPEG-2, which has no higher rate (ISO/IEC 13818-3). */
const MAX_BITS_PER_SECOND_BELOW_32_KHZ = 160_000;

/** The number of samples passed at a time, so that an hour of speech need not fit into the encoder's memory. */
const BLOCK = 1 << 19;

/**
 * Encodes mono PCM as an MP3 of constant bit rate with LAME. `durationSeconds` counts whole frames, as decoders do; it is up to 0.1 s
 * longer than the samples, because LAME pads both ends. Without a Xing header: its frame count would include its own frame and make ffprobe
 * report 26 ms too much, and at a constant rate players need none.
 */
export async function mp3File(
  samples: Int16Array<ArrayBuffer>,
  sampleRate: number,
  bitRate = BITS_PER_SECOND,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; durationSeconds: number }> {
  let end = 0;
  const source = new AudioSampleSource({
    codec: 'mp3',
    bitrate: sampleRate < 32_000 ? Math.min(bitRate, MAX_BITS_PER_SECOND_BELOW_32_KHZ) : bitRate,
    onEncodedPacket: (packet) => {
      end = packet.timestamp + packet.duration;
    },
  });
  const target = new BufferTarget();
  const output = new Output({ format: new Mp3OutputFormat({ xingHeader: false }), target });
  output.addAudioTrack(source);
  try {
    await output.start();
    for (let from = 0; from < samples.length; from += BLOCK) {
      const block = new AudioSample({
        data: samples.subarray(from, from + BLOCK),
        format: 's16',
        numberOfChannels: 1,
        sampleRate,
        timestamp: from / sampleRate,
      });
      await source.add(block);
      block.close();
    }
    await output.finalize();
  } catch (error) {
    await output.cancel(); // ends the encoder's own thread
    throw error;
  }
  if (target.buffer === null) throw new Error('the MP3 encoder gave no file');
  // The encoder adds up frame lengths as floats; rounding to whole samples removes the error.
  return { bytes: new Uint8Array(target.buffer), durationSeconds: Math.round(end * sampleRate) / sampleRate };
}
