import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as kiara from '../../dialects/kiara/testing.ts';
import * as llmtune from '../../dialects/llmtune/testing.ts';
import * as native from '../../dialects/native/testing.ts';
import * as skillsVideo from '../../dialects/skills-video/testing.ts';
import { settledMovesOf } from '../../testing/books.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { renderImage } from '../sandbox/media/image.ts';
import { detailOf, factsOf, mendRoutes } from '../upstream/testing/deliveries.ts';
import { type OpenAiDouble, startOpenAiDouble } from './testing/double.ts';
import { CHAT, IMAGES, renderPicture, routedTo, VIDEOS } from './testing/routed.ts';

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

/** The attempts of one generation that are flagged for the operator. */
const flaggedOf = async (id: string) => {
  const { body } = await gateway.admin<{ data: { generation_id: string; lost_calls: number }[] }>(
    'GET',
    '/attempts?outcome=outcome_unknown',
  );
  return body.data.filter(({ generation_id }) => generation_id === id);
};

describe('work that is made of several calls', () => {
  it('brings what came of a batch, and tells the operator of the answers that were lost', async () => {
    const { id: account, call } = await llmtune.customer(gateway);
    const requests = ['a', 'b', 'c', 'd'].map((prompt) => ({ id: prompt, prompt, maxTokens: 9 }));
    double.script(CHAT, 'drop', 'drop');
    const { json } = await call('POST', llmtune.BATCH, { modelId: llmtune.M, requests });
    await llmtune.ended(gateway, json.batchId);
    const batch = (await call('GET', `/v1/batch/${json.batchId}`)).json;
    expect(batch).toMatchObject({ status: 'completed', summary: { completed: 2, failed: 2 } });
    expect(JSON.stringify(batch)).not.toContain('lost');
    const [flagged, ...more] = await flaggedOf(json.batchId);
    expect(flagged).toMatchObject({ outcome: 'succeeded', status: 'succeeded', lost_calls: 2 });
    expect(more).toEqual([]);
    expect((await llmtune.balanceOf(gateway, account)).held_usd).toBe('0');
  });

  it('fails where every answer of a batch was lost, and says how many', async () => {
    const { call } = await llmtune.customer(gateway);
    const requests = ['a', 'b', 'c'].map((prompt) => ({ id: prompt, prompt, maxTokens: 9 }));
    double.script(CHAT, 'drop', 'drop', 'drop');
    const { json } = await call('POST', llmtune.BATCH, { modelId: llmtune.M, requests });
    expect(await llmtune.ended(gateway, json.batchId)).toMatchObject({
      failure: { code: 'outcome_unknown' },
      charged: 0,
    });
    expect(await flaggedOf(json.batchId)).toMatchObject([{ outcome: 'outcome_unknown', lost_calls: 3 }]);
  });

  it('counts only those calls of a batch as lost that were made', async () => {
    const { call } = await llmtune.customer(gateway);
    const requests = Array.from({ length: 9 }, (_, n) => ({ id: `${n}`, prompt: 'a', maxTokens: 9 }));
    const elsewhere = { status: 303, headers: { location: '/elsewhere' } };
    const atOnce = 4;
    double.script(CHAT, ...Array(atOnce).fill(elsewhere));
    const before = double.count(CHAT);
    const { json } = await call('POST', llmtune.BATCH, { modelId: llmtune.M, requests });
    expect(await llmtune.ended(gateway, json.batchId)).toMatchObject({
      failure: { code: 'outcome_unknown' },
    });
    expect(double.count(CHAT) - before).toBe(atOnce);
    expect(await flaggedOf(json.batchId)).toMatchObject([{ lost_calls: atOnce }]);
  });

  it('of a batch that were bought are delivered by a process that ends, and the batch is not begun anew', async () => {
    const first = await startTestGateway({ config: routedTo(double) });
    const { id: account, key, call } = await llmtune.customer(first);
    const requests = [...'abcdefgh'].map((id) => ({ id, prompt: id, maxTokens: 9 }));
    const before = double.count(CHAT);
    double.script(CHAT, undefined, undefined, 'hang', 'hang', 'hang', 'hang');
    const { json } = await call('POST', llmtune.BATCH, { modelId: llmtune.M, requests });
    await double.called(CHAT, before + 6);
    await first.drain(0);
    const second = await first.restart();
    const again = llmtune.caller(second, key);
    const batch = (await again('GET', `/v1/batch/${json.batchId}`)).json;
    expect(batch).toMatchObject({ status: 'completed', summary: { completed: 2, failed: 6 } });
    expect(
      batch.results.map((one: { error: string | null }) =>
        one.error?.includes('before this prompt was sent'),
      ),
    ).toEqual([undefined, undefined, false, false, false, false, true, true]);
    expect((await detailOf(second, json.batchId)).attempts).toMatchObject([
      { outcome: 'succeeded', lostCalls: 4 },
    ]);
    const moves = await settledMovesOf(second, account);
    expect(moves.map((move) => move.split(' ')[0])).toEqual(['hold', 'capture', 'release']);
    expect(double.count(CHAT) - before).toBe(6);
    await second.close();
  });

  it('delivers the clips that were taken on, and keeps in mind the one of which nobody knows', async () => {
    const { call } = await skillsVideo.customer(gateway);
    double.script(VIDEOS, undefined, 'drop');
    const film = await skillsVideo.run(gateway, call, skillsVideo.SMALL_FILM, { ...skillsVideo.SHORT, n: 2 });
    expect(film.json).toMatchObject({ status: 'COMPLETED' });
    const id = skillsVideo.idOf(film);
    expect(await factsOf(gateway, id)).toHaveLength(1);
    expect(await flaggedOf(id)).toMatchObject([{ outcome: 'succeeded', lost_calls: 1 }]);
  });

  it('orders nothing anew where one clip failed and another one was lost', async () => {
    const { call } = await skillsVideo.customer(gateway);
    const before = double.count(VIDEOS);
    double.script(VIDEOS, { body: { id: 'w', status: 'queued' } }, 'drop');
    double.script('GET /v1/videos/w', { body: { id: 'w', status: 'failed', error: { message: 'Sorry.' } } });
    const film = await skillsVideo.run(gateway, call, skillsVideo.SMALL_FILM, { ...skillsVideo.SHORT, n: 2 });
    expect(film.json).toMatchObject({ status: 'FAILED' });
    const { generation, attempts } = await detailOf(gateway, skillsVideo.idOf(film));
    expect(generation.failure?.code).toBe('outcome_unknown');
    expect(attempts).toMatchObject([{ outcome: 'outcome_unknown', lostCalls: 1 }]);
    expect(double.count(VIDEOS) - before).toBe(2);
  });
});

describe('files that are of no use', () => {
  const small = (seed: number) =>
    renderImage({ kind: 'image', prompt: 'x', seed, width: 256, height: 256, format: 'png', sources: [] });
  const base64 = (bytes: Uint8Array) => ({ b64_json: Buffer.from(bytes).toString('base64') });
  const ordered = async (count: number) => {
    const { id: account, call } = await native.customer(gateway);
    const input = { ...native.IMAGE.input, count };
    const id = native.idOf(await call('POST', '/generations', { ...native.IMAGE, input }));
    return { id, account, json: (await native.ended(gateway, call, id)).json };
  };

  it('keep nobody from the others, which are charged by their share, and are flagged', async () => {
    const [one, two] = await Promise.all([small(1), small(2)]);
    const half = one.bytes.subarray(0, one.bytes.length / 2);
    const page = Buffer.from('<html>');
    double.script(IMAGES, { body: { data: [half, one.bytes, page, two.bytes].map(base64) } });
    const before = double.count(IMAGES);
    const { id, account, json } = await ordered(4);
    expect(json).toMatchObject({ status: 'succeeded', output: { assets: [{ width: 256 }, { width: 256 }] } });
    expect(await settledMovesOf(gateway, account)).toEqual(['hold 0.04', 'capture 0.02', 'release 0.02']);
    expect(await flaggedOf(id)).toMatchObject([
      { outcome: 'succeeded', lost_calls: 2, error: { code: 'upstream_invalid_result' } },
    ]);
    expect(double.count(IMAGES) - before).toBe(1);
  });

  it.each([
    ['all spoilt', [base64(Buffer.from('<html>')), base64(Buffer.from('GIF'))]],
    ['none there', []],
  ])('are free to the caller and flagged, as they may have to be paid for: %s', async (_, data) => {
    double.script(IMAGES, { body: { data } });
    const { id, account, json } = await ordered(2);
    expect(json).toMatchObject({ status: 'failed', error: { code: 'upstream_invalid_result' } });
    expect(await settledMovesOf(gateway, account)).toEqual(['hold 0.02', 'release 0.02']);
    expect(await flaggedOf(id)).toMatchObject([{ outcome: 'failed', lost_calls: 1 }]);
  });

  it('are flagged for a caller who waits for a text, too', async () => {
    const { id: account, call } = await llmtune.customer(gateway);
    double.script(CHAT, { pieces: ['data: {"choices":[{"delta":{}}]}\n\n', 'data: [DONE]\n\n'] });
    expect((await call('POST', llmtune.CHAT, llmtune.question)).status).toBe(502);
    const filter = { accountId: account, dialect: 'llmtune', mode: 'live' } as const;
    const [generation] = (await gateway.core.store.generations(filter, 9)).data;
    expect(await flaggedOf(generation?.id ?? '')).toMatchObject([{ outcome: 'failed', lost_calls: 1 }]);
  });
});

describe('tokens that cannot be true', () => {
  const wrong = { prompt_tokens: 1e15, completion_tokens: 1e15 };
  const chunk = { choices: [{ delta: { content: 'Grey light.' }, finish_reason: 'stop' }], usage: wrong };
  const act = { pieces: [`data: ${JSON.stringify(chunk)}\n\n`, 'data: [DONE]\n\n'] };

  it('are neither told to who waits nor charged', async () => {
    const { id: account, call } = await llmtune.customer(gateway);
    double.script(CHAT, act);
    const { json } = await call('POST', llmtune.CHAT, { ...llmtune.question, max_tokens: 40 });
    expect(json.usage.completion_tokens).toBe(40);
    expect(json.usage.prompt_tokens).toBeLessThan(200);
    expect((await settledMovesOf(gateway, account)).map((move) => move.split(' ')[0])).toEqual([
      'hold',
      'capture',
    ]);
  });

  it('have no job done anew that was paid for', async () => {
    const before = double.count(CHAT);
    double.script(CHAT, act, act);
    const one = await native.customer(gateway);
    const id = native.idOf(await one.call('POST', '/generations', native.TEXT));
    expect((await native.ended(gateway, one.call, id)).json).toMatchObject({ status: 'succeeded' });
    const two = await llmtune.customer(gateway);
    const requests = [{ id: 'a', prompt: 'a', maxTokens: 9 }];
    const { json } = await two.call('POST', llmtune.BATCH, { modelId: llmtune.M, requests });
    await llmtune.ended(gateway, json.batchId);
    const batch = (await two.call('GET', `/v1/batch/${json.batchId}`)).json;
    expect(batch).toMatchObject({ status: 'completed' });
    expect(batch.results[0].tokens).toBeLessThan(200);
    expect(double.count(CHAT) - before).toBe(2);
  });
});

describe('what a server counts that nobody wrote', () => {
  const messages = Array.from({ length: 100 }, () => ({ role: 'user', content: 'a' }));
  const input = { messages, max_tokens: 1 };

  it('was held for: the template around many short messages', async () => {
    const { id: account, call } = await native.customer(gateway);
    const usage = { prompt_tokens: 5 * messages.length, completion_tokens: 1 };
    const chunk = { choices: [{ delta: { content: 'b' }, finish_reason: 'stop' }], usage };
    double.script(CHAT, { pieces: [`data: ${JSON.stringify(chunk)}\n\n`, 'data: [DONE]\n\n'] });
    const id = native.idOf(await call('POST', '/generations', { model: native.TEXT.model, input }));
    expect((await native.ended(gateway, call, id)).json).toMatchObject({
      usage: { input_tokens: 500, output_tokens: 1 },
    });
    // 500 at $0.15 and 1 at $0.60 per million.
    expect(await settledMovesOf(gateway, account)).toContain('capture 0.000076');
  });

  it('is held for wherever the call may be served, also behind a route that counts less', async () => {
    const quote = async (on: TestGateway) => {
      const { call } = await native.customer(on);
      const prompt = 'unbelievably '.repeat(100);
      return (await call('POST', '/quotes', { model: native.TEXT.model, input: { prompt } })).json.usd;
    };
    const routed = 'native/genlock/text: { routes: [';
    const config = routedTo(double).replace(routed, `${routed}sandbox/genlock/text, `);
    const both = await startTestGateway({ config });
    expect(await quote(both)).toBe(await quote(gateway));
    await both.close();
  });
});

describe('what a call costs', () => {
  const seen = async (id: string) =>
    (
      await gateway.admin<{ cost_usd: string | null; attempts: { cost_usd: string | null }[] }>(
        'GET',
        `/generations/${id}`,
      )
    ).body;

  it('is kept with it, where the server says so: for jobs', async () => {
    const { bytes } = await renderPicture();
    double.script(IMAGES, {
      headers: { 'x-litellm-response-cost': '0.0425' },
      body: { data: [{ b64_json: Buffer.from(bytes).toString('base64') }] },
    });
    const { id } = await kiara.makeImage(gateway);
    expect(await seen(id)).toMatchObject({ cost_usd: '0.0425', attempts: [{ cost_usd: '0.0425' }] });
    const { id: other } = await kiara.makeImage(gateway);
    expect(await seen(other)).toMatchObject({ cost_usd: null, attempts: [{ cost_usd: null }] });
  });

  it('is kept for callers who wait as well, and told to none of them', async () => {
    const { id: account, call } = await llmtune.customer(gateway);
    const usage = { prompt_tokens: 9, completion_tokens: 3, cost: 0.00042 };
    const chunk = { choices: [{ delta: { content: 'Grey light.' }, finish_reason: 'stop' }], usage };
    for (const stream of [true, false]) {
      double.script(CHAT, { pieces: [`data: ${JSON.stringify(chunk)}\n\n`, 'data: [DONE]\n\n'] });
      const told = await call('POST', llmtune.CHAT, {
        ...llmtune.question,
        ...{ stream, stream_options: { include_usage: true } },
      });
      expect(told.text).toContain('Grey light.');
      expect(told.text).not.toContain('cost');
    }
    const filter = { accountId: account, dialect: 'llmtune', mode: 'live' } as const;
    for (const { id } of (await gateway.core.store.generations(filter, 9)).data)
      expect(await seen(id)).toMatchObject({ cost_usd: '0.00042', attempts: [{ cost_usd: '0.00042' }] });
  });
});
