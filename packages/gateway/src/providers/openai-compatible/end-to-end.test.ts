import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as getimg from '../../dialects/getimg/testing.ts';
import * as kiara from '../../dialects/kiara/testing.ts';
import * as llmtune from '../../dialects/llmtune/testing.ts';
import * as native from '../../dialects/native/testing.ts';
import * as skillsVideo from '../../dialects/skills-video/testing.ts';
import * as skytells from '../../dialects/skytells/testing.ts';
import { settledMovesOf } from '../../testing/books.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { PIXEL } from '../../testing/pixel.ts';
import { renderImage } from '../sandbox/media/image.ts';
import { detailOf, factsOf, mendRoutes } from '../upstream/testing/deliveries.ts';
import { type OpenAiDouble, startOpenAiDouble } from './testing/double.ts';
import { routedTo } from './testing/routed.ts';

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

const IMAGES = 'POST /v1/images/generations';
const CHAT = 'POST /v1/chat/completions';
const VIDEOS = 'POST /v1/videos';

/** A picture as Kiara's customers order it. */
const renderPicture = () =>
  renderImage({ kind: 'image', prompt: 'x', seed: 1, width: 832, height: 1216, format: 'png', sources: [] });

describe('pictures', () => {
  it('reach customers of three dialects as real files', async () => {
    const pro = await kiara.makeImage(gateway);
    expect(pro.json).toMatchObject({ status: 'completed', result: { width: 832, height: 1216 } });
    expect(await factsOf(gateway, pro.id)).toMatchObject([{ kind: 'image', contentType: 'image/jpeg' }]);

    const two = await getimg.customer(gateway);
    const made = await two.call('POST', getimg.IMAGES, { ...getimg.IMAGE, output_format: 'webp' });
    expect(made.status).toBe(200);
    expect(await factsOf(gateway, getimg.idOf(made))).toMatchObject([
      { contentType: 'image/webp', width: 1024 },
    ]);

    const three = await native.customer(gateway);
    const input = { ...native.IMAGE.input, count: 2 };
    const id = native.idOf(await three.call('POST', '/generations', { ...native.IMAGE, input }));
    expect((await native.ended(gateway, three.call, id)).json).toMatchObject({ status: 'succeeded' });
    expect(await factsOf(gateway, id)).toMatchObject([
      { width: 256, height: 256 },
      { width: 256, height: 256 },
    ]);
    expect(double.seen.at(-1)?.json).toMatchObject({ model: 'painter', n: 2, size: '256x256' });
  });

  it('are made of uploaded ones', async () => {
    const { json } = await kiara.makeFromUpload(gateway);
    expect(json).toMatchObject({ status: 'completed' });
    const sent = double.seen.findLast(({ path }) => path === '/v1/images/edits');
    const image = (await sent?.form())?.get('image') as File;
    expect([image.type, Buffer.from(await image.bytes())]).toEqual(['image/png', PIXEL]);
  });

  it('come by links as well, with the key for its own host', async () => {
    const links = await startOpenAiDouble({ links: true });
    const other = await startTestGateway({ config: routedTo(links) });
    const { id, json } = await kiara.makeImage(other);
    expect(json).toMatchObject({ status: 'completed' });
    expect(await factsOf(other, id)).toMatchObject([{ width: 832, height: 1216 }]);
    await other.close();
    await links.close();
  });
});

describe('pictures of which some cannot be fetched', () => {
  const inside = { url: 'http://10.0.0.1/lost.png' };
  const order = async (data: object[]) => {
    const { call } = await native.customer(gateway);
    double.script(IMAGES, { body: { data } });
    const input = { ...native.IMAGE.input, count: 2 };
    const before = double.count(IMAGES);
    const id = native.idOf(await call('POST', '/generations', { ...native.IMAGE, input }));
    const { json } = await native.ended(gateway, call, id);
    expect(double.count(IMAGES) - before).toBe(1);
    return { id, json, ...(await detailOf(gateway, id)) };
  };

  it('are delivered and charged as far as they came, and the others are flagged', async () => {
    const { bytes } = await renderPicture();
    const made = await order([{ b64_json: Buffer.from(bytes).toString('base64') }, inside]);
    expect(made.json).toMatchObject({ status: 'succeeded', output: { assets: [{}] } });
    expect(made.generation.charged).toBe((made.generation.quote ?? 0) / 2);
    const raw = expect.stringContaining('could not be fetched');
    expect(made.attempts).toMatchObject([
      { outcome: 'succeeded', lostCalls: 1, error: { code: 'upstream_invalid_result', raw } },
    ]);
    const { body } = await gateway.admin<{ data: object[] }>('GET', '/attempts?outcome=outcome_unknown');
    expect(body.data[0]).toMatchObject({ generation_id: made.id, outcome: 'succeeded', lost_calls: 1 });
  });

  it('are a failure where none came', async () => {
    const made = await order([inside, inside]);
    expect(made.json.status).toBe('failed');
    expect(made.generation).toMatchObject({ charged: 0, failure: { code: 'upstream_invalid_result' } });
    expect(made.attempts).toMatchObject([{ outcome: 'failed' }]);
  });
});

describe('speech and clips', () => {
  it('reach customers as real files', async () => {
    const one = await native.customer(gateway);
    const spoken = native.idOf(await one.call('POST', '/generations', native.SPEECH));
    const filmed = native.idOf(await one.call('POST', '/generations', native.VIDEO));
    for (const id of [spoken, filmed])
      expect((await native.ended(gateway, one.call, id)).json).toMatchObject({ status: 'succeeded' });
    expect(await factsOf(gateway, spoken)).toMatchObject([{ kind: 'audio', contentType: 'audio/wav' }]);
    expect(await factsOf(gateway, filmed)).toMatchObject([
      { kind: 'video', height: 240, durationSeconds: 1 },
    ]);

    const two = await skillsVideo.customer(gateway);
    const film = await skillsVideo.run(gateway, two.call, skillsVideo.SMALL_FILM, {
      ...skillsVideo.SHORT,
      n: 2,
    });
    expect(film.json).toMatchObject({ status: 'COMPLETED' });
    expect(await factsOf(gateway, skillsVideo.idOf(film))).toHaveLength(2);
    const speech = await skillsVideo.run(gateway, two.call, skillsVideo.SPEECH, { text: 'Good morning.' });
    expect(await factsOf(gateway, skillsVideo.idOf(speech))).toMatchObject([{ contentType: 'audio/mpeg' }]);
  });

  it('are not ordered twice by a gateway that stops in the middle', async () => {
    const slow = await startOpenAiDouble({ hold: true });
    const first = await startTestGateway({ config: routedTo(slow) });
    const { id: account, key, call } = await native.customer(first);
    const id = native.idOf(await call('POST', '/generations', native.VIDEO));
    await slow.called('GET /v1/videos/video_1', 2);
    await first.drain(0);
    const second = await first.restart();
    slow.release();
    const answer = await native.ended(second, native.caller(second, key.key), id);
    expect(answer.json).toMatchObject({ status: 'succeeded' });
    expect(slow.count(VIDEOS)).toBe(1);
    expect((await detailOf(second, id)).attempts).toMatchObject([
      { n: 1, upstreamId: 'video_1', outcome: 'succeeded' },
    ]);
    expect(await settledMovesOf(second, account)).toEqual(['hold 0.02', 'capture 0.02']);
    await second.close();
    await slow.close();
  });

  it('that are refused upstream are told as such', async () => {
    const failed = { id: 'v', status: 'failed', error: { code: 'moderation_blocked', message: 'Blocked.' } };
    double.script(VIDEOS, { body: { id: 'v', status: 'queued' } });
    double.script('GET /v1/videos/v', { status: 500, body: '' }, { body: failed });
    const { call } = await skillsVideo.customer(gateway);
    const { json } = await skillsVideo.run(gateway, call, skillsVideo.SMALL_FILM, skillsVideo.SHORT);
    skillsVideo.expectFailed(json, 'VIDEO_GENERATION_CONTENT_REJECTED@job');
    expect(double.count('GET /v1/videos/v')).toBe(2);
  });
});

describe('texts', () => {
  it('stream through LLMTune and Skytells', async () => {
    const one = await llmtune.customer(gateway);
    const streamed = await one.call('POST', llmtune.CHAT, {
      ...llmtune.question,
      max_tokens: 9,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = llmtune.eventsOf(streamed);
    expect(chunks.at(-1)).toBe('[DONE]');
    const parsed = chunks.slice(0, -1).map((chunk) => JSON.parse(chunk));
    const text = parsed.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(text).toBe('Upstream says: Tell me about the light.');
    expect(parsed.at(-1).usage).toEqual({ prompt_tokens: 11, completion_tokens: 4, total_tokens: 15 });
    expect(double.seen.at(-1)?.json).toMatchObject({ model: 'talker', max_tokens: 9, temperature: 0.7 });

    const two = await skytells.customer(gateway);
    const messages = [{ role: 'user', content: 'Hello' }];
    const body = { model: 'deepbrain-router', messages, max_tokens: 8 };
    const whole = await two.call('POST', '/v1/chat/completions', body);
    expect(whole.json).toMatchObject({
      choices: [{ message: { content: 'Upstream says: Hello' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 11, completion_tokens: 4 },
    });
    const pieces = llmtune.eventsOf(
      await two.call('POST', '/v1/chat/completions', { ...body, stream: true }),
    );
    const words = pieces.slice(0, -1).map((piece) => JSON.parse(piece).choices[0]?.delta.content ?? '');
    expect(words.join('')).toBe('Upstream says: Hello');
  });

  it('that are too long are the caller’s to shorten', async () => {
    const message = "This model's maximum context length is 8192 tokens.";
    double.script(CHAT, { status: 400, body: { error: { code: 'context_length_exceeded', message } } });
    const { call } = await llmtune.customer(gateway);
    llmtune.expectFault(await call('POST', llmtune.CHAT, llmtune.question), 'invalid_request@400');
  });

  it('call the tools of their callers', async () => {
    const { call } = await llmtune.customer(gateway);
    const tools = [{ type: 'function', function: { name: 'read_file', parameters: { path: 'string' } } }];
    const { json } = await call('POST', llmtune.AGENT, { ...llmtune.question, tools });
    expect(json.choices[0]).toMatchObject({
      message: {
        tool_calls: [{ id: 'call_1', function: { name: 'read_file', arguments: '{"path":"a.ts"}' } }],
      },
      finish_reason: 'tool_calls',
    });
  });

  it('become vectors, in the order of the inputs', async () => {
    const { call } = await skytells.customer(gateway);
    const body = { model: 'skytells-embed-3-large', input: ['a', 'bbb'], dimensions: 2 };
    const { json } = await call('POST', '/v1/embeddings', body);
    expect(json.data).toMatchObject([{ embedding: [0.01, 0.02] }, { embedding: [0.03, 0.04] }]);
  });

  it('are written by jobs, alone and in batches, each once', async () => {
    const one = await native.customer(gateway);
    const id = native.idOf(await one.call('POST', '/generations', native.TEXT));
    const { json } = await native.ended(gateway, one.call, id);
    expect(json).toMatchObject({ output: { text: 'Upstream says: Tell me of the sea.' } });
    expect(json.usage).toEqual({ input_tokens: 11, output_tokens: 4 });

    const two = await llmtune.customer(gateway);
    const before = double.count(CHAT);
    double.script(CHAT, { status: 429, headers: { 'retry-after-ms': '1' }, body: '' });
    const requests = ['a', 'b', 'c', 'd', 'e', 'f'].map((prompt) => ({ id: prompt, prompt, maxTokens: 9 }));
    const submitted = await two.call('POST', llmtune.BATCH, { modelId: llmtune.M, requests });
    await llmtune.ended(gateway, submitted.json.batchId);
    const batch = (await two.call('GET', `/v1/batch/${submitted.json.batchId}`)).json;
    expect(batch).toMatchObject({ status: 'completed', summary: { completed: 6, failed: 0 } });
    // One more for the one that was refused for its rate.
    expect(double.count(CHAT) - before).toBe(7);
  });

  it('of a batch that fail are told one by one, unless nothing was bought', async () => {
    const { id: account, call } = await llmtune.customer(gateway);
    const run = async () => {
      const requests = ['a', 'b'].map((prompt) => ({ id: prompt, prompt, maxTokens: 9 }));
      const { json } = await call('POST', llmtune.BATCH, { modelId: llmtune.M, requests });
      await llmtune.ended(gateway, json.batchId);
      return (await call('GET', `/v1/batch/${json.batchId}`)).json;
    };
    double.script(CHAT, { status: 500, body: { error: { message: 'out of memory' } } });
    expect(await run()).toMatchObject({ status: 'completed', summary: { completed: 1, failed: 1 } });

    const before = double.count(CHAT);
    const wrong = { status: 401, body: { error: { code: 'invalid_api_key', message: 'Incorrect API key' } } };
    double.script(CHAT, wrong, wrong);
    expect(await run()).toMatchObject({ status: 'failed' });
    expect(double.count(CHAT) - before).toBeLessThanOrEqual(2);
    expect((await llmtune.balanceOf(gateway, account)).held_usd).toBe('0');
  });
});

describe('work that is made of several calls', () => {
  /** The attempts of one generation, and what the operator is told to look at of it. */
  const flaggedOf = async (id: string) => {
    const { body } = await gateway.admin<{ data: { generation_id: string; lost_calls: number }[] }>(
      'GET',
      '/attempts?outcome=outcome_unknown',
    );
    return body.data.filter(({ generation_id }) => generation_id === id);
  };

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
    expect(batch.results.map((one: { error: string | null }) => one.error?.includes('had to end'))).toEqual([
      undefined,
      undefined,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
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
