/** How a clip is cut into frames. All times are in ticks, so that the sum is exact. */
export type Frames = { fps: number; count: number; ticksPerFrame: number; totalTicks: number };

/** 90 kHz holds whole milliseconds and every usual frame rate (8–60, 23.976 to the tick) without rounding. */
export const TICKS_PER_SECOND = 90_000;

const RATES = [24, 25, 20, 16, 15, 12, 10, 8] as const;

/**
 * Pixels a second that one core encodes with room to spare; it makes 16 fps of 720p, 8 fps of 1080p's double.
 * Small pictures get the full 24.
 */
const PIXELS_PER_SECOND = 17_000_000;

/**
 * The asked rate, or the highest that the pixel budget allows, preferring rates that divide the duration exactly.
 * Where none does, the last frame is shown a little shorter: the duration is always the asked one.
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
