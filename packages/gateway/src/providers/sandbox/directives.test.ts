import { describe, expect, it } from 'vitest';
import { readDirectives, withoutDirectives } from './directives.ts';

describe('sandbox directives', () => {
  it('are read from text and header, later over earlier, header over text', () => {
    const texts = ['a mug [[sandbox error=upstream_failed delay=500ms times=2]]', 'x [[sandbox delay=1.5s]]'];
    expect(readDirectives(texts, 'error=content_rejected at=admit pace=20')).toEqual({
      error: 'content_rejected',
      at: 'admit',
      delayMs: 1500,
      paceMs: 20,
      times: 2,
    });
  });

  it('default to nothing', () => {
    expect(readDirectives(['a red mug', 'array[[0]]'], undefined)).toEqual({
      at: 'run',
      delayMs: 0,
      paceMs: 0,
      times: Number.POSITIVE_INFINITY,
    });
  });

  it.each([
    'error=nope',
    'at=lunch',
    'delay=soon',
    'pace=slow',
    'clip=0',
    'clip=-1',
    'result=fine',
    'drop=before',
    'times=x',
    'colour=red',
    'error',
  ])('refuse %s by name', (pair) => {
    expect(() => readDirectives([`[[sandbox ${pair}]]`], undefined)).toThrow(pair);
    expect(() => readDirectives([], pair)).toThrow(pair);
  });

  it('are not part of what is drawn or spoken', () => {
    expect(withoutDirectives('a red [[sandbox error=not_found]] mug')).toBe('a red mug');
    expect(withoutDirectives('  keeps   [spaces]  ')).toBe('  keeps   [spaces]  ');
  });
});
