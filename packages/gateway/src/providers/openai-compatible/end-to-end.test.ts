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
    // One more for the one that was refused because of its rate.
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
