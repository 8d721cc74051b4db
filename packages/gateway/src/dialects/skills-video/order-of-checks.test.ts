import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Answer,
  type Call,
  caller,
  create,
  customer,
  IMAGE,
  idOf,
  P,
  started,
  stream,
} from './testing.ts';

let gateway: TestGateway;
/** A workspace for each thing that may be wrong with one. */
const who: Record<string, Call> = {};

beforeAll(async () => {
  gateway = await startTestGateway({ config: 'moderation: { words: [forbidden] }' });
  who.nobody = caller(gateway);
  who.free = (await customer(gateway, { account: { plan: 'free' } })).call;
  const full = await customer(gateway, { account: { limits: { concurrent: 1 } }, credit_usd: '0.05' });
  await started(
    gateway,
    idOf(await full.call('POST', create(IMAGE), P, { 'genlock-sandbox': 'delay=600s' })),
  );
  who.full = full.call;
  who.poor = (await customer(gateway, { credit_usd: '0' })).call;
  who.rich = (await customer(gateway)).call;
});
afterAll(() => gateway.close());

const DOWN = { 'genlock-sandbox': 'error=upstream_unavailable at=admit' };
const FORBIDDEN = { prompt: 'forbidden' };

/** Each call has the error of its name, and all errors that come after it. */
const CASES: readonly (readonly [string, string, string, unknown, number, string])[] = [
  ['route', 'nobody', 'none', {}, 404, 'NOT_FOUND'],
  ['key', 'nobody', 'google/gpt-image-1', {}, 401, 'UNAUTHORIZED'],
  ['access', 'free', 'google/gpt-image-1', {}, 403, 'FORBIDDEN'],
  ['model', 'full', 'google/gpt-image-1', {}, 400, 'IMAGE_GENERATION_UNSUPPORTED_MODEL'],
  ['body', 'full', IMAGE, {}, 400, 'IMAGE_GENERATION_INVALID_INPUT'],
  ['admission limit', 'full', IMAGE, FORBIDDEN, 429, 'IMAGE_GENERATION_RATE_LIMITED'],
  ['credits', 'poor', IMAGE, FORBIDDEN, 402, 'IMAGE_GENERATION_INSUFFICIENT_CREDITS'],
  ['moderation', 'rich', IMAGE, FORBIDDEN, 422, 'IMAGE_GENERATION_CONTENT_REJECTED'],
  ['provider health', 'rich', IMAGE, P, 503, 'IMAGE_GENERATION_PROVIDER_UNAVAILABLE'],
];

describe('the order of checks', () => {
  it.each(CASES)('%s', async (_name, caller, model, body, status, code) => {
    for (const path of [create(model), stream(model)]) {
      const answer = (await who[caller]?.('POST', path, body, DOWN)) as Answer;
      expect([answer.status, answer.json.code]).toEqual([status, code]);
    }
  });

  it('does not wait for a body that is too large before it looks at key and model', async () => {
    const huge = 'x'.repeat(11 * 1024 * 1024);
    const statuses = [
      await who.nobody?.('POST', create(IMAGE), huge).catch(() => undefined),
      await who.rich?.('POST', create('google/gpt-image-1'), huge).catch(() => undefined),
    ].map((answer) => answer?.status);
    // The connection may be cut while a client still sends; an answer that arrives must be the right one.
    expect([401, undefined]).toContain(statuses[0]);
    expect([400, undefined]).toContain(statuses[1]);
  });

  it('holds for speech that is waited for', async () => {
    const path = '/api/ai/tts/generate';
    const good = { modelId: 'minimax-tts/speech-02-hd', input: { text: 'forbidden' } };
    const codes: unknown[] = [];
    for (const [call, body, headers] of [
      [who.nobody, { modelId: 'none', input: {} }, { authorization: 'Bearer x' }],
      [who.free, { modelId: 'none', input: {} }, {}],
      [who.full, { modelId: 'none', input: {} }, {}],
      [who.full, { ...good, input: {} }, {}],
      [who.full, good, {}],
      [who.poor, good, {}],
      [who.poor, { ...good, input: { text: 'x' } }, {}],
    ] as const)
      codes.push((await call?.('POST', path, body, { ...DOWN, ...headers }))?.json.code);
    expect(codes).toEqual([
      'UNAUTHORIZED',
      'FORBIDDEN',
      'TTS_GENERATION_UNSUPPORTED_MODEL',
      'TTS_GENERATION_INVALID_INPUT',
      'TTS_GENERATION_RATE_LIMITED',
      'TTS_GENERATION_CONTENT_REJECTED',
      'TTS_GENERATION_PROVIDER_UNAVAILABLE',
    ]);
  });
});
