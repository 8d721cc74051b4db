import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { percent, showProgress } from './progress.ts';

it('writes one plain line for each new stage where there is no terminal', async () => {
  const screen = new PassThrough();
  let now = 0;
  const progress = showProgress(screen, () => now);
  const track = progress.track('image');
  track.at('queued');
  now = 1_250;
  track.at('processing');
  track.at('processing');
  progress.stop();
  screen.end();
  expect(await text(screen)).toBe('  image: queued after 0.0 s\n  image: processing after 1.3 s\n');
});

it('draws bars on a terminal, and gives the cursor back', async () => {
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const progress = showProgress(screen);
  progress.track('image').at('saved');
  progress.stop();
  screen.end();
  const drawn = await text(screen);
  expect(drawn).toContain('100%  saved');
  expect(drawn.lastIndexOf('\x1b[?25h')).toBeGreaterThan(drawn.lastIndexOf('\x1b[?25l'));
});

it('creeps while a generation is processed and never gets to the next stage by itself', () => {
  const drawn = [0, 1_000, 5_000, 60_000].map((elapsed) => percent('processing', elapsed));
  expect(drawn).toEqual([...drawn].sort((one, other) => one - other));
  expect(drawn[0]).toBe(10);
  expect(drawn.at(-1)).toBeLessThan(90);
  expect(percent('saved', 0)).toBe(100);
});

it('goes as far as is told, where it is told', () => {
  expect([0, 50, 100, 130].map((known) => percent('processing', 60_000, known))).toEqual([10, 49, 89, 89]);
});
