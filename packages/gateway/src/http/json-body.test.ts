import { describe, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { readJsonObject } from './json-body.ts';

const read = (text: string, type = 'application/json') => readJsonObject(Buffer.from(text), type);
const refusal = (act: () => unknown): GenlockError => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof GenlockError) return thrown;
  }
  throw new Error('not refused');
};

describe('readJsonObject', () => {
  it('reads an object', () => {
    expect(read('{"a":[1,{"b":null}]}').object).toEqual({ a: [1, { b: null }] });
  });

  it.each([
    ['{"a":1', 'not valid JSON'],
    ['{"a":NaN}', 'not valid JSON'],
    ['\uFEFF{}', 'not valid JSON'],
    ['[]', 'must be a JSON object'],
    ['null', 'must be a JSON object'],
    ['"x"', 'must be a JSON object'],
    ['', 'JSON body is required'],
  ])('refuses %j', (text, why) => {
    const error = refusal(() => read(text));
    expect(error.code).toBe('malformed_request');
    expect(error.message).toContain(why);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(refusal(() => readJsonObject(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).message).toContain(
      'UTF-8',
    );
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data'])(
    'refuses the content type %s',
    (type) => expect(refusal(() => read('{}', type)).message).toContain('Content-Type'),
  );

  it.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.api+json', ''])(
    'takes the content type %j',
    (type) => expect(read('{}', type).object).toEqual({}),
  );

  it('takes a body without content type', () => {
    expect(readJsonObject(Buffer.from('{}'), undefined).object).toEqual({});
  });

  it('bounds the depth', () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(read(nested(63)).object).toHaveProperty('a');
    expect(refusal(() => read(nested(64))).message).toContain('deeply');
    expect(refusal(() => read(nested(100_000))).message).toContain('deeply');
  });

  it.each([
    [String.raw`{"prompt":"a\u0000b"}`, 'prompt'],
    [String.raw`{"prompt":"\ud800"}`, 'prompt'],
    [String.raw`{"metadata":{"a":["\udc00"]}}`, 'metadata'],
    [String.raw`{"\u0000":1}`, undefined],
  ])('refuses text that cannot be kept: %s', (text, param) => {
    const error = refusal(() => read(text));
    expect([error.code, error.detail.param]).toEqual(['malformed_request', param]);
  });

  it('takes escapes that can be kept', () => {
    expect(read(String.raw`{"a":"\\u0000 \ud83d\ude00"}`).object).toEqual({ a: '\\u0000 😀' });
  });

  it('knows which members were written as floats', () => {
    const { floats } = read('{"seed":1.0,"n":2e0,"i":3,"s":"1.5","m":{"seed":1.0},"l":[1.5]}');
    expect(['seed', 'n', 'i', 's', 'm', 'l'].filter((name) => floats.has(name))).toEqual(['seed', 'n']);
    expect(read('{"seed":1,"m":{"seed":1.0}}').floats.has('seed')).toBe(false);
    expect(read('{"s\\u0065ed" :\n-1.0}').floats.has('seed')).toBe(true);
    expect(read('{"a":"\\"seed\\":","seed" : 10E2}').floats.has('seed')).toBe(true);
  });

  it('lets __proto__ be a member like any other', () => {
    const { object } = read('{"__proto__":{"polluted":true}}');
    expect(Object.keys(object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
