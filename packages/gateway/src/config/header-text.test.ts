import { validateHeaderValue } from 'node:http';
import { describe, expect, it } from 'vitest';
import { providerSettings } from '../providers/index.ts';
import { isHeaderName, unwritable } from './header-text.ts';
import { defaults, problems } from './testing.ts';

describe('a value', () => {
  it.each(['', 'sk-abc', 'Bearer a b\tc', 'naïve', '\u0080\u00ff'])('can be %j', (text) => {
    expect(unwritable(text)).toBeUndefined();
  });

  it.each([
    ['sk\n', 'a line break at the end of'],
    ['sk\r\n', 'a line break at the end of'],
    ['sk\nab', 'a line break in'],
    ['sk\u0000', 'the character U+0000 in'],
    ['sk\u007f', 'the character U+007F in'],
    ['sk😀', 'the character U+1F600 in'],
  ])('cannot be %j', (text, why) => {
    expect(unwritable(text)).toBe(why);
  });

  it('is what Node.js writes, and nothing else', () => {
    for (let code = 0; code < 0x180; code += 1) {
      const text = `a${String.fromCharCode(code)}b`;
      const refused = (): boolean => {
        try {
          validateHeaderValue('x', text);
          return false;
        } catch {
          return true;
        }
      };
      expect(unwritable(text) !== undefined, `U+${code.toString(16)}`).toBe(refused());
    }
  });
});

it.each([
  ['X-Trace', true],
  ['x_a.b~', true],
  ['', ''],
  ['two words', ''],
  ['naïve', ''],
  ['a:b', ''],
  ['Content-Length', 'it is the connection’s own'],
  ['transfer-encoding', 'it is the connection’s own'],
])('a header called %j', (name, told) => {
  expect(isHeaderName(name)).toBe(told);
});

describe('in the file', () => {
  const given = { ...defaults, providerTypes: providerSettings() };
  const check = (settings: string, env: Record<string, string> = {}) =>
    problems(`providers:\n  up: { ${settings} }`, env, given);
  const fal = 'type: fal, api_key: k';
  const TEXT = 'text of 1 to 4096 characters that can be written into an HTTP header';

  it.each([
    ['a key in a provider', `type: fal, api_key: "secret\\n"`, 'api_key'],
    ['a key for a package', `type: ai-sdk, package: x, options: { apiKey: "secret\\n" }`, 'options.apiKey'],
  ])('%s with a line break is told, and not shown', (_, settings, name) => {
    const [problem = '', ...more] = check(settings);
    expect(more).toEqual([]);
    expect(problem).toContain(
      `providers.up.${name}: expected a ${TEXT}, found a line break at the end of it; write it without`,
    );
    expect(problem).not.toContain('secret');
  });

  it('what comes from the environment names the variable', () => {
    expect(check(`type: fal, api_key: "\${KEY}"`, { KEY: 'secret\n' })).toEqual([
      `2:29 providers.up.api_key: expected a ${TEXT}, found a line break at the end of what \${KEY} holds; set it without`,
    ]);
    expect(check(`type: fal, api_key: "\${KEY}"`, { KEY: '' })).toEqual([
      `2:29 providers.up.api_key: expected a ${TEXT}, found 0 characters in what \${KEY} holds`,
    ]);
    expect(check(`type: fal, api_key: "\${KEY}"`)).toEqual([
      '2:29 providers.up.api_key: the environment variable KEY is not set; set it where this runs',
    ]);
  });

  it('headers have names and values that can be written', () => {
    expect(
      check(`${fal}, headers: { X-Good: "", x-bad: "a\\nb", two words: x, Content-Length: "5" }`),
    ).toEqual([
      `2:62 providers.up.headers.x-bad: expected a ${TEXT.replace('1 to', '0 to')}, found a line break in it; write it without`,
      '2:70 providers.up.headers.two words: expected the name of an HTTP header, and none of the connection’s own, such as Content-Length',
      '2:84 providers.up.headers.Content-Length: expected the name of an HTTP header, and none of the connection’s own, such as Content-Length',
    ]);
  });

  it('a header that a setting names is one that can be set', () => {
    const settings = 'type: openai-compatible, base_url: https://a.example.com/v1, idempotency_key_header';
    expect(check(`${settings}: Idempotency-Key`)).toEqual([]);
    expect(check(`${settings}: Upgrade`)).toEqual([
      '2:94 providers.up.idempotency_key_header: expected the name of an HTTP header, found "Upgrade": it is the connection’s own',
    ]);
  });

  it('a key that is no text is not shown either', () => {
    expect(check('type: fal, api_key: 123456')).toEqual([
      `2:29 providers.up.api_key: expected a ${TEXT}, found a number`,
    ]);
  });
});
