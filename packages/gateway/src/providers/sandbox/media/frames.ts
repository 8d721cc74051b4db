/** How a clip is divided into frames. All times are in ticks, so that sums are exact. */
export type Frames = { fps: number; count: number; ticksPerFrame: number; totalTicks: number };

/** 90 kHz holds whole milliseconds and all usual frame rates (8–60, also 23.976) without rounding. */
export const TICKS_PER_SECOND = 90_000;

const RATES = [24, 25, 20, 16, 15, 12, 10, 8] as const;

/**
 * Pixels per second of clip. One core draws and encodes about 45 million per second, so a clip takes less than half its own length: 24 fps
 * up to 960×720, 16 at 1280×720, 8 from 1920×1080 on (a 4K clip then takes longer than it lasts).
 */
const PIXELS_PER_SECOND = 17_000_000;

/**
 * The requested rate, or else the highest that the pixel budget allows, preferably one that divides the duration exactly. If none does, the
 * last frame is shown for a shorter time, so the duration is always exact.
 */
export function frames(durationSeconds: number, width: number, height: number, asked?: number): Frames {
  const totalTicks = Math.max(1, Math.round(durationSeconds * TICKS_PER_SECOND));
  const affordable = RATES.filter((rate) => rate * width * height <= PIXELS_PER_SECOND);
  const choice = affordable.length > 0 ? affordable : [8];
  const divides = (rate: number) => totalTicks % (TICKS_PER_SECOND / rate) === 0;
  const fps = asked ?? choice.find(divides) ?? choice[0] ?? 8;
  const ticksPerFrame = Math.max(1, Math.round(TICKS_PER_SECOND / fps));
  return { fps, count: Math.ceil(totalTicks / ticksPerFrame), ticksPerFrame, totalTicks };
}
