import {
  BufferSource,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MATROSKA,
  MP3,
  MP4,
  QTFF,
  UnsupportedInputFormatError,
  WAVE,
  WEBM,
} from 'mediabunny';
import type { MediaFacts } from './media-facts.ts';
import type { ContainerOutcome } from './probe-process.ts';

const FORMATS = [MP4, QTFF, WEBM, MATROSKA, WAVE, MP3];

/** What is missing at the end of a track may be encoder delay or rounding; more than this means that the file was cut. */
const MISSING_SECONDS = 0.15;

process.on('message', async (bytes: Uint8Array) => {
  process.send?.(await read(bytes));
});

async function read(bytes: Uint8Array): Promise<ContainerOutcome> {
  try {
    using input = new Input({ source: new BufferSource(bytes), formats: FORMATS });
    const [format, video, audio] = [
      await input.getFormat(),
      await input.getPrimaryVideoTrack(),
      await input.getPrimaryAudioTrack(),
    ];
    const sound = audio && (await readTrack(audio));
    const type = format.mimeType.split('/')[1] ?? '';
    if (video) {
      const { seconds, fps } = await readTrack(video);
      const [width, height] = [await video.getDisplayWidth(), await video.getDisplayHeight()];
      const facts: MediaFacts = { kind: 'video', contentType: `video/${type}`, width, height };
      return { kind: 'facts', facts: { ...facts, durationSeconds: seconds, fps, hasSound: sound !== null } };
    }
    if (!sound) return unreadable('unrecognised', 'no picture and no sound in it');
    const facts = { kind: 'audio', contentType: `audio/${type}`, durationSeconds: sound.seconds } as const;
    return { kind: 'facts', facts: { ...facts, hasSound: true } };
  } catch (error) {
    if (error instanceof UnsupportedInputFormatError) return unreadable('unrecognised', error.message);
    return unreadable('truncated', error instanceof Error ? error.message : String(error));
  }
}

/** Reads every packet. @throws RangeError if one is missing or short */
async function readTrack(
  track: InputVideoTrack | InputAudioTrack,
): Promise<{ seconds: number; fps: number }> {
  let [count, start, end, last] = [0, Infinity, 0, 0];
  for await (const packet of new EncodedPacketSink(track).packets()) {
    if (packet.data.byteLength !== packet.byteLength) throw new RangeError('a packet is cut');
    count++;
    start = Math.min(start, packet.timestamp);
    last = Math.max(last, packet.timestamp);
    end = Math.max(end, packet.timestamp + packet.duration);
  }
  if (count === 0) throw new RangeError('a track has no packets');
  if ((await track.computeDuration()) - end > MISSING_SECONDS) throw new RangeError('packets are missing');
  const seconds = end - Math.max(0, start);
  // Measured from the first picture to the last, so that a shorter last one makes no difference. A single picture is all that there is to
  // measure.
  const fps = count > 1 ? (count - 1) / (last - start) : 1 / seconds;
  return { seconds: tidy(seconds), fps: Math.round(fps * 1000) / 1000 };
}

/** Rounds to microseconds, which removes the errors that sums of binary fractions have. */
function tidy(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

function unreadable(reason: 'unrecognised' | 'truncated', detail: string): ContainerOutcome {
  return { kind: 'unreadable', reason, detail };
}
