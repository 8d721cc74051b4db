import { expect, test } from 'vitest';
import { frames, TICKS_PER_SECOND } from './frames.ts';

test.each([
  [5, 1280, 720],
  [15, 1920, 1080],
  [12.5, 720, 1280],
  [0.5, 64, 64],
  [10, 3840, 2160],
])('%d s of %i × %i are whole frames', (seconds, width, height) => {
  const { count, ticksPerFrame, totalTicks } = frames(seconds, width, height);
  expect(count * ticksPerFrame).toBe(totalTicks);
  expect(totalTicks / TICKS_PER_SECOND).toBe(seconds);
});

test('larger pictures get fewer frames', () => {
  const rates = [360, 720, 1080, 2160].map((height) => frames(5, (height * 16) / 9, height).fps);
  expect(rates).toEqual([24, 16, 8, 8]);
});

test('an asked rate is kept; only the last frame may be shorter', () => {
  const { fps, count, ticksPerFrame, totalTicks } = frames(12.5, 1280, 720, 25);
  expect({ fps, count, totalTicks }).toEqual({ fps: 25, count: 313, totalTicks: 1_125_000 });
  expect(count * ticksPerFrame - totalTicks).toBe(ticksPerFrame / 2);
});
