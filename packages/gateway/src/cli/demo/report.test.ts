import { expect, it } from 'vitest';
import { formatBytes, formatFacts, reportBooks } from './report.ts';

it('tells what is known of a file', () => {
  expect(formatFacts({ kind: 'image', contentType: 'image/jpeg', width: 832, height: 1216 })).toBe(
    '832×1216',
  );
  const sound = { durationSeconds: 2.404, hasSound: true };
  expect(formatFacts({ kind: 'audio', contentType: 'audio/mpeg', ...sound })).toBe('2.4 s');
  expect(
    formatFacts({ kind: 'video', contentType: 'video/mp4', width: 1280, height: 720, fps: 24, ...sound }),
  ).toBe('1280×720, 2.4 s, 24 fps, sound');
  expect(formatFacts({ kind: 'text', words: 31 })).toBe('31 words');
});

it('writes sizes as people read them', () => {
  expect([999, 1_000, 52_515, 2_660_000].map(formatBytes)).toEqual(['999 B', '1 kB', '53 kB', '2.7 MB']);
});

it('aligns amounts', () => {
  const sums = [
    { type: 'top_up', usd: 25_000_000 },
    { type: 'hold', usd: 166_000 },
  ];
  const lines = ['  top-up      $25.00', '  hold        $0.166', '  available  $24.834'];
  expect(reportBooks({ sums, available: 24_834_000 })).toBe(lines.join('\n'));
});
