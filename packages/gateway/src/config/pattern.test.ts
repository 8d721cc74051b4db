import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';

describe('compilePattern', () => {
  it('compiles a source in Unicode mode, with flags in front', () => {
    expect(compilePattern('bad')).toEqual(/bad/u);
    expect(compilePattern('(?i)b\\p{L}d')).toEqual(/b\p{L}d/iu);
    expect(compilePattern('(?is)b.d')).toEqual(/b.d/isu);
  });

  it.each([
    ['(a', 'Unterminated group'],
    ['(?g)a', 'Invalid group'],
    ['', 'empty'],
    ['(?i)', 'empty'],
    ['a'.repeat(501), 'longer than 500'],
  ])('says what is wrong with %.20j', (text, reason) => {
    expect(compilePattern(text)).toContain(reason);
  });

  it.each([
    '(a+)+$',
    '(a*)*',
    '((a+)b?)*',
    '(?:a|b+)+',
    '(?<x>a{2,})*',
    '(a{1,1000}){5,}',
    '(x(?=a+))*',
    '([^)]+)+',
  ])('refuses %s, which can backtrack for ever', (text) => {
    expect(compilePattern(text)).toContain('within a repetition');
  });

  it.each([
    'a+b+',
    '(a+)b',
    '(?:ab)+',
    '(\\w{1,20} ){1,5}x+',
    '[(+]+)'.slice(0, -1),
    '(\\(+)?',
    '(a+){2}',
    '(a+)?',
  ])('takes %s', (text) => {
    expect(compilePattern(text)).toBeInstanceOf(RegExp);
  });
});
