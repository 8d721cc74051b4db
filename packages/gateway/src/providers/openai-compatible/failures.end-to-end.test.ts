import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as getimg from '../../dialects/getimg/testing.ts';
import * as kiara from '../../dialects/kiara/testing.ts';
import * as llmtune from '../../dialects/llmtune/testing.ts';
import * as native from '../../dialects/native/testing.ts';
import { settledMovesOf } from '../../testing/books.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { detailOf, mendRoutes } from '../upstream/testing/deliveries.ts';
import { KEY, type OpenAiDouble, startOpenAiDouble } from './testing/double.ts';
import { CHAT, IMAGES, routedTo, SPEECH } from './testing/routed.ts';

let double: OpenAiDouble;
let gateway: TestGateway;
beforeAll(async () => {
  double = await startOpenAiDouble();
  gateway = await startTestGateway({ config: routedTo(double) });
});
beforeEach(() => mendRoutes(gateway));
afterAll(async () => {
  await gateway.close();
  await double.close();
});

describe('what goes wrong upstream', () => {
  const refusal = {
    status: 400,
    body: {
      error: {
        code: 'moderation_blocked',
        type: 'image_generation_user_error',
        message: 'Rejected by the safety system of Acme.',
      },
    },
  };

  it('is told in the dialect’s words where the prompt was refused', async () => {
    double.script(IMAGES, refusal, refusal);
    const { json, account } = await kiara.makeImage(gateway);
    expect(json).toMatchObject({ status: 'failed', error: { code: 'generation_failed' } });
    expect(JSON.stringify(json)).not.toMatch(/Acme|openai/i);
    expect(await settledMovesOf(gateway, account)).toEqual(['hold 0.1', 'release 0.1']);
    const { call } = await getimg.customer(gateway);
    getimg.expectFault(
      await call('POST', getimg.IMAGES, getimg.IMAGE),
      'content_policy_violation@422',
      'prompt',
    );

    const chat = await llmtune.customer(gateway);
    double.script(CHAT, { status: 400, body: { error: { code: 'content_filter', message: 'Filtered.' } } });
    llmtune.expectFault(await chat.call('POST', llmtune.CHAT, llmtune.question), 'invalid_request@400');
  });

  it('is the operator’s where the account upstream is empty, and shows to nobody else', async () => {
    const empty = {
      status: 429,
      headers: { 'retry-after': '1' },
      body: {
        error: {
          code: 'insufficient_quota',
          type: 'insufficient_quota',
          message: `You exceeded your current quota, ${KEY}`,
        },
      },
    };
    double.script(IMAGES, empty);
    const before = double.count(IMAGES);
    const { id, json, account } = await kiara.makeImage(gateway);
    expect(json).toMatchObject({ status: 'failed', error: { code: 'generation_failed' } });
    expect(JSON.stringify(json)).not.toMatch(/quota|billing|insufficient|Acme|openai/i);
    expect(double.count(IMAGES) - before).toBe(1);
    const { generation, attempts } = await detailOf(gateway, id);
    expect(generation.failure?.code).toBe('model_misconfigured');
    expect(attempts[0]?.error).toMatchObject({
      code: 'model_misconfigured',
      raw: expect.stringContaining('insufficient_quota'),
    });
    expect(attempts[0]?.error?.raw).not.toContain(KEY);
    expect(await settledMovesOf(gateway, account)).toEqual(['hold 0.1', 'release 0.1']);

    double.script(CHAT, empty);
    const { call } = await llmtune.customer(gateway);
    const answer = await call('POST', llmtune.CHAT, llmtune.question);
    llmtune.expectFault(answer, 'internal_error@500');
    expect(answer.text).not.toMatch(/quota|balance|funds/i);
  });

  it.each([
    ['dies with the connection', 'drop' as const],
    [
      'breaks off',
      { pieces: ['{"data": [', 'drop' as const], headers: { 'content-type': 'application/json' } },
    ],
    ['is the page of a proxy', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['is a page with a good status', { body: '<html>Sign in</html>' }],
  ])('is not bought again when the answer %s', async (_, act) => {
    const before = double.count(IMAGES);
    double.script(IMAGES, act);
    const { id, json, account } = await kiara.makeImage(gateway);
    expect(json).toMatchObject({ status: 'failed' });
    expect(double.count(IMAGES) - before).toBe(1);
    expect((await detailOf(gateway, id)).attempts).toMatchObject([{ outcome: 'outcome_unknown' }]);
    expect(await settledMovesOf(gateway, account)).toEqual(['hold 0.1', 'release 0.1']);
  });

  it('is not bought again when a page came instead of speech', async () => {
    const before = double.count(SPEECH);
    double.script(SPEECH, {
      headers: { 'content-type': 'text/html' },
      body: '\n<!DOCTYPE html><p>Sign in</p>',
    });
    const { id: account, call } = await native.customer(gateway);
    const id = native.idOf(await call('POST', '/generations', native.SPEECH));
    expect((await native.ended(gateway, call, id)).json).toMatchObject({
      status: 'failed',
      error: { code: 'outcome_unknown' },
    });
    expect(double.count(SPEECH) - before).toBe(1);
    expect((await detailOf(gateway, id)).attempts).toMatchObject([{ outcome: 'outcome_unknown' }]);
    expect((await settledMovesOf(gateway, account)).map((move) => move.split(' ')[0])).toEqual([
      'hold',
      'release',
    ]);
  });

  it('is told to whoever waited with a word against repeating the order', async () => {
    double.script(IMAGES, 'drop');
    const { call } = await getimg.customer(gateway);
    const answer = await call('POST', getimg.IMAGES, getimg.IMAGE);
    getimg.expectFault(answer, 'server_error@500');
    expect(answer.headers.get('x-should-retry')).toBe('false');
  });

  it('is bought again under the same key, where the server honours it', async () => {
    const careful = await startOpenAiDouble();
    const other = await startTestGateway({
      config: routedTo(careful, ', idempotency_key_header: Idempotency-Key'),
    });
    careful.lose(2);
    const { id, json } = await kiara.makeImage(other);
    expect(json).toMatchObject({ status: 'completed' });
    expect([careful.count(IMAGES), careful.bought()]).toEqual([3, 1]);
    expect(new Set(careful.seen.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set([id]));
    await other.close();
    await careful.close();
  });

  it('is tried again where it surely was not bought: failures in its own words, refusals for the rate', async () => {
    const failure = { status: 500, body: { error: { type: 'server_error', message: 'Sorry.' } } };
    const rate = {
      status: 429,
      headers: { 'retry-after-ms': '300' },
      body: { error: { code: 'rate_limit_exceeded', message: '' } },
    };
    const before = double.count(IMAGES);
    double.script(IMAGES, failure, rate);
    const { id, json } = await kiara.makeImage(gateway);
    expect(json).toMatchObject({ status: 'completed' });
    expect(double.count(IMAGES) - before).toBe(3);
    const { attempts } = await detailOf(gateway, id);
    expect(attempts.map(({ error }) => error?.code)).toEqual([
      'upstream_failed',
      'upstream_rate_limited',
      undefined,
    ]);
    const [, second, third] = attempts.map(({ startedAt }) => startedAt);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(300);
  });

  it('is a failure, and free, where a chat is nothing but an end, streamed or not', async () => {
    const { call, id } = await llmtune.customer(gateway);
    const nothing = { body: { id: 'chatcmpl-1', object: 'chat.completion', choices: [] } };
    for (const act of [{ pieces: ['data: [DONE]\n\n'] }, nothing])
      for (const stream of [true, false]) {
        double.script(CHAT, act);
        const answer = await call('POST', llmtune.CHAT, { ...llmtune.question, stream });
        llmtune.expectFault(answer, 'upstream_error@502');
      }
    const moves = await settledMovesOf(gateway, id);
    expect(moves.map((move) => move.split(' ')[0])).toEqual(
      Array.from({ length: 4 }, () => ['hold', 'release']).flat(),
    );
    const { data } = await gateway.core.store.generations(
      { accountId: id, dialect: 'llmtune', mode: 'live' },
      1,
    );
    expect(data[0]?.failure?.code).toBe('upstream_invalid_result');
    expect((await detailOf(gateway, data[0]?.id ?? '')).attempts).toMatchObject([{ outcome: 'failed' }]);
  });

  it('ends a stream where it broke off', async () => {
    const chunk = `data: ${JSON.stringify({ choices: [{ delta: { content: 'Half' }, finish_reason: null }] })}\n\n`;
    double.script(CHAT, { pieces: [chunk, 'drop'] }, { pieces: [chunk, 'drop'] });
    const { call } = await llmtune.customer(gateway);
    const before = double.count(CHAT);
    const streamed = await call('POST', llmtune.CHAT, { ...llmtune.question, stream: true });
    expect(streamed.text).toContain('Half');
    expect(llmtune.eventsOf(streamed)).not.toContain('[DONE]');
    llmtune.expectFault(await call('POST', llmtune.CHAT, llmtune.question), 'upstream_error@502');
    expect(double.count(CHAT) - before).toBe(2);
  });
});

it('asks servers of one’s own again, and lets test keys use them, since that costs nothing', async () => {
  const own = await startOpenAiDouble();
  const other = await startTestGateway({
    config: routedTo(own, ', paid: false, parameters: { n: null, quality: low }'),
  });
  own.script(IMAGES, 'drop');
  const { json } = await kiara.makeImage(other);
  expect(json).toMatchObject({ status: 'completed' });
  expect(own.count(IMAGES)).toBe(2);
  expect(own.seen[0]?.json).toMatchObject({ quality: 'low' });
  expect(own.seen[0]?.json).not.toHaveProperty('n');

  // Test-mode work is charged to nobody, and this server charges nobody.
  const { id, key } = await other.customer({ dialect: 'kiara', key: { mode: 'test' } });
  const call = kiara.caller(other, key.key);
  await kiara.ended(other, call, kiara.idOf(await call('POST', '/v1/generations', kiara.B)));
  expect(own.count(IMAGES)).toBe(3);
  expect(await settledMovesOf(other, id)).toEqual([]);
  await other.close();
  await own.close();
});
