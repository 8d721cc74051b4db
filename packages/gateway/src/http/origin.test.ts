import { describe, expect, it } from 'vitest';
import { originAllowed, parseOrigin } from './origin.ts';

describe('parseOrigin', () => {
  it.each([
    ['https://App.Example.com', 'https://app.example.com'],
    ['HTTPS://app.example.com/', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
  ])('%s is %s', (text, origin) => expect(parseOrigin(text)).toBe(origin));

  it.each([
    ...['', '*', 'null', 'app.example.com', 'ftp://example.com', 'https://', 'https://a.com/path'],
    ...[
      'https://a.com//',
      'https://user@a.com',
      'https://a.com?x',
      'https://a.com:99999',
      'https://a.com\\b',
    ],
  ])('%j is none', (text) => expect(parseOrigin(text)).toBeUndefined());
});

describe('originAllowed', () => {
  const list = ['https://app.example.com', 'http://localhost:3000'];

  it.each([
    ['https://app.example.com', true],
    ['HTTPS://APP.example.com', true],
    ['http://localhost:3000', true],
    ['http://app.example.com', false],
    ['https://app.example.com:8443', false],
    ['https://app.example.com/', false],
    ['https://app.example.com.evil.net', false],
    ['https://evil-app.example.com', false],
    ['null', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (origin, expected) => expect(originAllowed(origin, list)).toBe(expected));

  it('lets all pass with an empty list, and no header where the key allows that', () => {
    expect(originAllowed('https://anything.example', [])).toBe(true);
    expect(originAllowed(undefined, [])).toBe(true);
    expect(originAllowed(undefined, list, { allowMissing: true })).toBe(true);
    expect(originAllowed('https://other.example', list, { allowMissing: true })).toBe(false);
  });
});
