import { describe, expect, it } from 'vitest';
import { replyOf } from '../testing/bodies.ts';
import { CATALOGUES } from '../testing/catalogues.ts';
import type { DialectName } from './error.ts';
import { GenerationError, parseError, parseErrorBody, parseFailure } from './index.ts';

const dialects: readonly DialectName[] = ['kiara', 'getimg', 'skytells', 'llmtune', 'skills-video', 'native'];
const html = '<html><body><h1>502 Bad Gateway</h1></body></html>';

describe.each(dialects)('parseError of %s', (dialect) => {
  it.each([
    ['HTML of a proxy', html],
    ['nothing', ''],
    ['half an object', '{"error":{"code":"rate_'],
    ['a list', '[1,2]'],
    ['null', 'null'],
    ['a number', '17'],
    ['an object of another kind', '{"ok":false,"error":17}'],
    ['a hostile name', '{"error":{"code":"constructor","error_id":"__proto__"},"code":"toString"}'],
  ])('falls back to the status for %s', async (_name, body) => {
    const error = await parseError(dialect, new Response(body, { status: 502 }));
    expect(error).toMatchObject({
      code: 'upstream_failed',
      retry: 'backoff',
      advice: 'wait',
      status: 502,
      mayHaveBeenCharged: true,
    });
    expect(GenerationError.isInstance(error)).toBe(true);
  });

  it.each([
    [400, 'malformed_request', 'fix_input'],
    [401, 'unauthenticated', 'fix_key'],
    [402, 'insufficient_credits', 'top_up'],
    [403, 'forbidden', 'fix_key'],
    [404, 'not_found', 'fix_input'],
    [405, 'method_not_allowed', 'fix_input'],
    [409, 'invalid_state', 'fix_input'],
    [413, 'media_too_large', 'fix_input'],
    [418, 'invalid_parameter', 'fix_input'],
    [429, 'rate_limited', 'wait'],
    [451, 'content_rejected', 'rewrite_prompt'],
    [500, 'internal_error', 'wait'],
    [503, 'upstream_unavailable', 'wait'],
    [504, 'upstream_timeout', 'wait'],
    [529, 'internal_error', 'wait'],
    [302, 'outcome_unknown', 'contact_support'],
    [200, 'outcome_unknown', 'contact_support'],
  ])('has an answer for a %d without a body that is known', (status, code, advice) => {
    const error = parseErrorBody(dialect, { status, body: '' });
    expect(error).toMatchObject({ code, advice, wireCode: null, raw: '' });
    expect(error.mayHaveBeenCharged).toBe(status >= 500 || status < 400);
  });

  it('takes a failure that must not be repeated for one of which nobody knows', () => {
    const row = CATALOGUES[dialect].find(
      ({ status, retry }) => status !== null && status >= 500 && retry === 'backoff',
    );
    if (row === undefined) throw new Error('no row');
    const { status, body, headers } = replyOf(dialect, row);
    const told = (word: string) =>
      parseErrorBody(dialect, { status, body, headers: { ...headers, 'x-should-retry': word } });
    expect(told('true')).toMatchObject({ retry: 'backoff', advice: 'wait', wireCode: row.code });
    expect(told('false')).toMatchObject({
      ...{ code: 'outcome_unknown', retry: 'never', advice: 'contact_support', wireCode: row.code },
      mayHaveBeenCharged: true,
    });
    // An answer that is in no service's form says nothing.
    expect(
      parseErrorBody(dialect, { status, body: '', headers: { 'x-should-retry': 'false' } }).code,
    ).not.toBe('outcome_unknown');
  });

  it('survives a body that breaks off, keeps what came, and reads none twice', async () => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        if (pulls === 1) controller.enqueue(new TextEncoder().encode('{"error":'));
        else controller.error(new Error('cut'));
      },
    });
    const response = new Response(body, { status: 500 });
    expect(await parseError(dialect, response)).toMatchObject({ code: 'internal_error', raw: '{"error":' });
    expect(await parseError(dialect, response)).toMatchObject({ code: 'internal_error', raw: '' });
  });

  it('reads no more of an endless body than an error needs', async () => {
    let sent = 0;
    const chunk = new Uint8Array(64 * 1024).fill(32);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += chunk.byteLength;
        controller.enqueue(chunk);
      },
    });
    await parseError(dialect, new Response(body, { status: 500 }));
    expect(sent).toBeLessThan(1024 * 1024);
  });

  it('finds nothing wrong in what went well', () => {
    for (const fine of [
      { id: 'gen_1', status: 'completed', error: null },
      {},
      [],
      null,
      'data: [DONE]\n\n',
      '',
    ])
      expect(parseFailure(dialect, fine)).toBeUndefined();
  });
});

describe('parseErrorBody', () => {
  it('does without headers that are none', () => {
    const error = parseErrorBody('kiara', { status: 429, headers: { ':status': '429' } });
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: null });
  });

  it('takes the finest hint, and the body where no header has one', () => {
    const body = { error: 'rate_limit_exceeded', message: 'm', retryAfter: 1.5 };
    const wait = (headers: Record<string, string>) =>
      parseErrorBody('llmtune', { status: 429, headers, body, nowMs: Date.UTC(2026, 0, 1) }).retryAfterMs;
    expect(wait({ 'retry-after': '60', 'retry-after-ms': '250' })).toBe(250);
    expect(wait({ 'retry-after': '60' })).toBe(60_000);
    expect(wait({ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' })).toBe(9_000);
    expect(wait({ 'retry-after': 'Thu, 01 Jan 2015 00:00:00 GMT' })).toBe(0);
    for (const broken of ['soon', '-5', '1e9', 'NaN', ''])
      expect(wait({ 'retry-after': broken })).toBe(1_500);
    expect(wait({})).toBe(1_500);
  });

  it('reads a hint that is a number in a string, and none that never ends', () => {
    const body = { error: 'rate_limit_exceeded', retryAfter: '2' };
    expect(parseErrorBody('llmtune', { status: 429, body }).retryAfterMs).toBe(2_000);
    const wait = (value: string) =>
      parseErrorBody('kiara', { status: 429, headers: { 'retry-after': value } }).retryAfterMs;
    expect(wait('9'.repeat(400))).toBe(Number.MAX_SAFE_INTEGER);
    const begin = performance.now();
    expect(wait('a'.repeat(200_000))).toBeNull();
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  it('reads JSON behind a byte order mark', () => {
    const body = `\uFEFF${JSON.stringify({ error: { code: 'queue_full', message: 'm' } })}`;
    expect(parseErrorBody('kiara', { status: 429, body }).code).toBe('queue_full');
  });

  it('knows the dialects that there are', () => {
    expect(() => parseErrorBody('bogus' as 'kiara', { status: 400 })).toThrow(
      /no dialect; there are kiara, /,
    );
    expect(() => parseError('toString' as 'kiara', new Response())).toThrow(TypeError);
  });

  it('names the member at fault, in the words of each', () => {
    const paramOf = (dialect: DialectName, body: object) =>
      parseErrorBody(dialect, { status: 400, body }).param;
    expect(paramOf('kiara', { error: { code: 'invalid_request', field: 'seed' } })).toBe('seed');
    expect(paramOf('getimg', { error: { code: 'invalid_parameter', param: 'images[0].url' } })).toBe(
      'images[0].url',
    );
    expect(
      paramOf('skytells', { error: { error_id: 'INVALID_PARAMETER', details: { parameter: 'page' } } }),
    ).toBe('page');
    expect(paramOf('skytells', { error: { error_id: 'INVALID_PARAMETER', param: 'model' } })).toBe('model');
    expect(paramOf('native', { code: 'invalid_parameter', param: 'input.size' })).toBe('input.size');
  });

  it('rules a charge out only where the answer does', () => {
    const charged = (dialect: DialectName, status: number, body: object) =>
      parseErrorBody(dialect, { status, body }).mayHaveBeenCharged;
    // In Kiara and Genlock an error answer means that there is no job.
    expect(charged('kiara', 503, { error: { code: 'service_unavailable' } })).toBe(false);
    expect(charged('native', 502, { code: 'upstream_failed' })).toBe(false);
    expect(charged('native', 502, { code: 'outcome_unknown' })).toBe(true);
    expect(charged('getimg', 500, { error: { code: 'server_error' } })).toBe(true);
    expect(charged('skills-video', 503, { code: 'VIDEO_GENERATION_PROVIDER_UNAVAILABLE' })).toBe(false);
    expect(charged('skills-video', 502, { code: 'VIDEO_GENERATION_FAILED' })).toBe(true);
    expect(charged('skytells', 502, { error: { error_id: 'PREDICTION_FAILED' } })).toBe(false);
    expect(charged('skytells', 502, { error: { error_id: 'INFERENCE_TIMEOUT' } })).toBe(true);
    expect(charged('llmtune', 503, { error: 'service_unavailable' })).toBe(true);
    expect(charged('llmtune', 429, { error: 'rate_limit_exceeded' })).toBe(false);
  });

  it('knows a balance by the beginning of its sentence, and a description from a code', () => {
    const read = (error: string, status: number) => parseErrorBody('llmtune', { status, body: { error } });
    expect(read('Insufficient balance. Add funds.', 402)).toMatchObject({
      code: 'insufficient_credits',
      advice: 'top_up',
    });
    expect(read('Something went wrong.', 500)).toMatchObject({
      wireCode: null,
      message: 'Something went wrong.',
    });
    expect(read('brand_new_code', 429)).toMatchObject({ code: 'rate_limited', wireCode: 'brand_new_code' });
  });

  it('reads the older bodies of skills.video', () => {
    const read = (body: object) => parseErrorBody('skills-video', { status: 402, body });
    expect(read({ error: 'INSUFFICIENT_CREDITS', message: 'm' }).code).toBe('insufficient_credits');
    expect(read({ message: 'No money.' })).toMatchObject({
      code: 'insufficient_credits',
      message: 'No money.',
    });
  });
});
