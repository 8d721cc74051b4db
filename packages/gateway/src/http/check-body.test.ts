import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { compileCheck } from './check-body.ts';
import { readJsonObject } from './json-body.ts';

const check = compileCheck(
  Type.Object({
    text: Type.String({ minLength: 1, maxLength: 3, pattern: '\\S' }),
    n: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
    size: Type.Optional(Type.Enum(['s', 'm'])),
    share: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    urls: Type.Optional(Type.Array(Type.String(), { maxItems: 2, uniqueItems: true })),
    items: Type.Optional(Type.Array(Type.Object({ url: Type.String() }))),
  }),
);
const run = (text: string) => check(readJsonObject(Buffer.from(text)));

describe('compileCheck', () => {
  it.each([
    '{"text":"abc"}',
    '{"text":"😀😀😀","n":0}',
    '{"text":"a","n":null,"size":null}',
    '{"text":"a","x":1}',
  ])('takes %s', (text) => expect(run(text).text).toBeTruthy());

  it('counts null as absent', () => {
    expect(run('{"text":"a","n":null}')).toEqual({ text: 'a' });
  });

  it.each([
    ['{}', 'parameter_missing', 'text', 'text is required.'],
    ['{"text":null}', 'parameter_missing', 'text', 'text is required.'],
    ['{"text":1}', 'invalid_parameter', 'text', 'text must be a string.'],
    ['{"text":""}', 'invalid_parameter', 'text', 'text must not be empty.'],
    ['{"text":" \\t"}', 'invalid_parameter', 'text', 'text must not be blank.'],
    ['{"text":"abcd"}', 'invalid_parameter', 'text', 'text must have at most 3 characters.'],
    ['{"text":"a","n":"1"}', 'invalid_parameter', 'n', 'n must be an integer.'],
    ['{"text":"a","n":1.0}', 'invalid_parameter', 'n', 'n must be an integer.'],
    ['{"text":"a","n":1e0}', 'invalid_parameter', 'n', 'n must be an integer.'],
    ['{"text":"a","n":-1}', 'invalid_parameter', 'n', 'n must be at least 0.'],
    ['{"text":"a","n":10}', 'invalid_parameter', 'n', 'n must be at most 9.'],
    ['{"text":"a","size":"l"}', 'invalid_parameter', 'size', 'size must be one of s, m.'],
    [
      '{"text":"a","items":[{"url":"x"},{}]}',
      'parameter_missing',
      'items[1].url',
      'items[1].url is required.',
    ],
    ['{"text":"a","urls":["x",1]}', 'invalid_parameter', 'urls[1]', 'urls[1] must be a string.'],
    ['{"text":"a","share":0}', 'invalid_parameter', 'share', 'share must be more than 0.'],
    ['{"text":"a","urls":["x","x"]}', 'invalid_parameter', 'urls', 'urls must not hold an entry twice.'],
    ['{"text":"a","urls":["x","y","z"]}', 'invalid_parameter', 'urls', 'urls must have at most 2 entries.'],
  ])('refuses %s', (text, code, param, message) => {
    let thrown: unknown;
    try {
      run(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GenlockError);
    const error = thrown as GenlockError;
    expect([error.code, error.detail.param, error.message]).toEqual([code, param, message]);
  });
});
