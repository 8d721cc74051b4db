import { describe, expect, it } from 'vitest';
import { timeOf } from './time-of.ts';

describe('timeOf', () => {
  it.each([
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2025-12-31T23:59:59.5Z', Date.UTC(2025, 11, 31, 23, 59, 59, 500)],
    ['2025-01-01T00:30:00+02:00', Date.UTC(2024, 11, 31, 22, 30)],
  ])('reads %s', (text, ms) => expect(timeOf(text)).toBe(ms));

  it.each([
    '2025-02-29',
    '2025-02-30T12:00:00Z',
    '2025-04-31T00:00:00+02:00',
    '2025-13-01',
    '2025-01-01T25:00:00Z',
    'now',
  ])('knows no %s', (text) => expect(timeOf(text)).toBeNaN());
});
