import { film, type Stage } from './film.ts';
import { frames, TICKS_PER_SECOND } from './frames.ts';
import { encodeH264 } from './h264.ts';
import type { MediaResult, VideoJob } from './jobs.ts';
import { mux } from './mux.ts';
import { coverFit, sharp } from './pixels.ts';
import { scene } from './scene.ts';
import { ambientTone, SAMPLE_RATE } from './tone.ts';
import { toYuv, toYuvLayer } from './yuv.ts';

/** About one key frame every two seconds, to make seeking possible without spending much on whole pictures. */
const KEYFRAME_SECONDS = 2;

/** @throws SourceMediaError if the start image cannot be decoded */
export async function renderVideo(job: VideoJob): Promise<MediaResult> {
  const [width, height] = [even(job.width), even(job.height)];
  const timing = frames(job.durationSeconds, width, height, job.fps);
  const draw = film(await stage(job, width, height), job.prompt, job.seed, job.durationSeconds);
  const h264 = await encodeH264(width, height, timing.count, Math.round(timing.fps * KEYFRAME_SECONDS), (i) =>
    draw((i * timing.ticksPerFrame) / TICKS_PER_SECOND),
  );
  const durationSeconds = timing.totalTicks / TICKS_PER_SECOND;
  const sound = job.sound
    ? ambientTone(job.prompt, job.seed, Math.ceil(durationSeconds * SAMPLE_RATE))
    : undefined;
  const bytes = await mux(h264, timing, sound);
  return {
    bytes,
    contentType: 'video/mp4',
    width,
    height,
    durationSeconds,
    fps: timing.fps,
    hasSound: job.sound,
  };
}

async function stage(job: VideoJob, width: number, height: number): Promise<Stage> {
  if (job.startImage) {
    const start = await coverFit(job.startImage, width, height);
    return { behind: toYuv(start, width, height, 3), things: undefined };
  }
  const view = scene(job.prompt, job.seed, width, height);
  const behind = await sharp(Buffer.from(view.behind)).flatten().removeAlpha().raw().toBuffer();
  const things = view.things && (await sharp(Buffer.from(view.things)).ensureAlpha().raw().toBuffer());
  return {
    behind: toYuv(behind, width, height, 3),
    things: things ? toYuvLayer(things, width, height) : undefined,
  };
}

function even(size: number): number {
  return Math.max(2, size + (size % 2));
}
