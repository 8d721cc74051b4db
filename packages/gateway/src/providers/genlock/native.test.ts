import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as getimg from '../../dialects/getimg/testing.ts';
import * as kiara from '../../dialects/kiara/testing.ts';
import * as llmtune from '../../dialects/llmtune/testing.ts';
import * as native from '../../dialects/native/testing.ts';
import * as skillsVideo from '../../dialects/skills-video/testing.ts';
import * as skytells from '../../dialects/skytells/testing.ts';
import { detailOf, factsOf, mendRoutes } from '../upstream/testing/deliveries.ts';
import { ANSWER_TO_ORDER, type Chain, startChain } from './testing/chain.ts';

const MODELS = {
  'kiara/kiara-image-pro': '[up/genlock/image]',
  'kiara/kiara-reference': '[up/genlock/image]',
  'getimg/seedream-5-lite': '[up/genlock/image]',
  'native/genlock/image': '[up/genlock/image]',
  'native/genlock/video': '[up/genlock/video]',
  'native/genlock/speech': '[up/genlock/speech]',
  'native/genlock/text': '[up/genlock/text]',
  'skills-video/luma/ray-2-flash': '[up/genlock/video]',
  'skills-video/bytedance/seedream-5-lite': '[up/genlock/image]',
  'skills-video/minimax-tts/speech-02-hd': '[up/genlock/speech]',
  'skytells/truefusion': '[up/genlock/image]',
  'skytells/deepbrain-router': '[up/genlock/text]',
  [`llmtune/${llmtune.M}`]: '[up/genlock/text]',
};

let chain: Chain;
beforeAll(async () => {
  chain = await startChain({ models: MODELS });
});
beforeEach(() => mendRoutes(chain.front));
afterAll(() => chain.close());

/** What the front's account at the gateway behind was charged meanwhile. */
async function movesBy(work: () => Promise<unknown>, on: Chain = chain): Promise<readonly string[]> {
  const before = (await on.moves()).length;
  await work();
  return (await on.moves()).slice(before);
}

/** Orders an image for a new customer of Kiara at the front and waits for its end. */
async function kiaraImage(on: Chain = chain, body: object = kiara.B) {
  const { id: account, key } = await on.front.customer({ dialect: 'kiara' });
  const call = kiara.caller(on.front, key.key);
  const id = kiara.idOf(await call('POST', '/v1/generations', body));
  const { json } = await kiara.ended(on.front, call, id);
  return { account, id, json };
}

describe('pictures', () => {
  it('reach the callers of every dialect, each bought once', async () => {
    const moves = await movesBy(async () => {
      const one = await kiaraImage();
      expect(one.json).toMatchObject({ status: 'completed' });
      // 832 x 1216 is not a size there: the nearest in shape that is large enough is taken.
      expect(await factsOf(chain.front, one.id)).toMatchObject([{ width: 1024, height: 1536 }]);

      const two = await getimg.customer(chain.front);
      const made = await two.call('POST', getimg.IMAGES, { ...getimg.IMAGE, output_format: 'webp' });
      expect(made.status).toBe(200);
      expect(await factsOf(chain.front, getimg.idOf(made))).toMatchObject([
        { contentType: 'image/webp', width: 1024, height: 1024 },
      ]);

      const three = await skillsVideo.customer(chain.front);
      const film = await skillsVideo.run(chain.front, three.call, skillsVideo.IMAGE, skillsVideo.P);
      expect(film.json).toMatchObject({ status: 'COMPLETED' });

      const four = await skytells.customer(chain.front);
      const id = skytells.idOf(await four.call('POST', '/v1/predictions', skytells.IMG));
      expect((await skytells.ended(chain.front, four.call, id)).json).toMatchObject({ status: 'succeeded' });
    });
    expect(moves).toEqual([
      ...['hold 0.06', 'capture 0.06', 'hold 0.04', 'capture 0.04', 'hold 0.04', 'capture 0.04'],
      ...['hold 0.01', 'capture 0.01'],
    ]);
  });

  it('are made of those that callers bring', async () => {
    const { json } = await kiara.makeFromUpload(chain.front);
    expect(json).toMatchObject({ status: 'completed' });
    const [order] = (await ordersBehind(chain)).data;
    expect(order?.input).toMatchObject({ images: [expect.stringMatching(/^upl_/)] });
  });
});

/** What the front ordered behind, newest first. */
async function ordersBehind(on: Chain) {
  const answer = await native.caller(on.behind, on.key)('GET', '/generations?limit=100');
  return answer.json as unknown as {
    readonly data: readonly { id: string; status: string; input: Record<string, unknown>; usage: object }[];
  };
}

describe('clips and speech', () => {
  it('reach callers as real files', async () => {
    const one = await native.customer(chain.front);
    const filmed = native.idOf(await one.call('POST', '/generations', native.VIDEO));
    const spoken = native.idOf(await one.call('POST', '/generations', native.SPEECH));
    for (const id of [filmed, spoken])
      expect((await native.ended(chain.front, one.call, id)).json).toMatchObject({ status: 'succeeded' });
    expect(await factsOf(chain.front, filmed)).toMatchObject([
      { kind: 'video', height: 240, durationSeconds: 1 },
    ]);
    expect(await factsOf(chain.front, spoken)).toMatchObject([{ contentType: 'audio/wav' }]);

    const two = await skillsVideo.customer(chain.front);
    const before = (await ordersBehind(chain)).data.length;
    const film = await skillsVideo.run(chain.front, two.call, skillsVideo.SMALL_FILM, {
      ...skillsVideo.SHORT,
      n: 2,
    });
    expect(film.json).toMatchObject({ status: 'COMPLETED' });
    expect(await factsOf(chain.front, skillsVideo.idOf(film))).toHaveLength(2);
    expect((await ordersBehind(chain)).data.length - before).toBe(2);
    const speech = await skillsVideo.run(chain.front, two.call, skillsVideo.SPEECH, {
      text: 'Good morning.',
    });
    expect(await factsOf(chain.front, skillsVideo.idOf(speech))).toMatchObject([
      { contentType: 'audio/mpeg' },
    ]);
  });

  it('are taken up again by a gateway that stopped in the middle, and ordered once', async () => {
    const own = await startChain({ models: MODELS });
    const { key, call } = await native.customer(own.front);
    const input = { ...native.VIDEO.input, prompt: 'a boat [[sandbox delay=2s]]' };
    const id = native.idOf(await call('POST', '/generations', { ...native.VIDEO, input }));
    await upstreamIdOf(own, id);
    await own.front.drain(0);
    const again = await own.front.restart();
    const answer = await native.ended(again, native.caller(again, key.key), id);
    expect(answer.json).toMatchObject({ status: 'succeeded' });
    expect(await own.moves()).toEqual(['hold 0.02', 'capture 0.02']);
    expect((await detailOf(again, id)).attempts).toMatchObject([{ n: 1, outcome: 'succeeded' }]);
    await again.close();
    await own.wire.close();
    await own.behind.close();
  });
});

/** The order's id behind, as soon as the front knows it. */
async function upstreamIdOf({ front: { core } }: Chain, id: string): Promise<string> {
  for (;;) {
    const upstreamId = (await core.store.attempts(id)).at(-1)?.upstreamId ?? null;
    if (upstreamId !== null) return upstreamId;
    await new Promise((next) => setTimeout(next, 10));
  }
}

describe('texts', () => {
  it('stream through LLMTune, Skytells and the native API, and are counted there', async () => {
    const one = await llmtune.customer(chain.front);
    const ask = { ...llmtune.question, max_tokens: 9, stream: true, stream_options: { include_usage: true } };
    const chunks = llmtune.eventsOf(await one.call('POST', llmtune.CHAT, ask));
    expect(chunks.at(-1)).toBe('[DONE]');
    const parsed = chunks.slice(0, -1).map((chunk) => JSON.parse(chunk));
    const said = parsed.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(said).toMatch(/\w/);
    expect(parsed.at(-1).usage).toMatchObject({ completion_tokens: 9 });

    const two = await skytells.customer(chain.front);
    const messages = [{ role: 'user', content: 'Hello' }];
    const body = { model: 'deepbrain-router', messages, max_tokens: 8 };
    const whole = await two.call('POST', '/v1/chat/completions', body);
    expect(whole.json).toMatchObject({ choices: [{ message: { content: expect.stringMatching(/\w/) } }] });

    const three = await native.customer(chain.front);
    const streamed = await three.call('POST', '/generations', { ...native.TEXT, stream: true });
    const events = native.eventsOf(streamed.text);
    const [there] = (await ordersBehind(chain)).data;
    expect(events.at(-1)).toMatchObject({ event: 'ended', data: { usage: there?.usage } });
  });

  it('call the tools of their callers', async () => {
    const { call } = await llmtune.customer(chain.front);
    const tools = [{ type: 'function', function: { name: 'read_file', parameters: { path: 'string' } } }];
    const ask = { ...llmtune.question, tools, tool_choice: 'required' };
    const { json } = await call('POST', llmtune.AGENT, ask);
    expect(json.choices[0]).toMatchObject({
      message: { tool_calls: [{ function: { name: 'read_file' } }] },
      finish_reason: 'tool_calls',
    });
  });

  it('are written by jobs as well', async () => {
    const { call } = await native.customer(chain.front);
    const id = native.idOf(await call('POST', '/generations', native.TEXT));
    const { json } = await native.ended(chain.front, call, id);
    expect(json).toMatchObject({
      output: { text: expect.stringMatching(/\w/) },
      usage: (await ordersBehind(chain)).data[0]?.usage,
    });
  });
});

describe('an answer that gets lost', () => {
  it('is asked for again under the same key: bought once, and delivered', async () => {
    chain.wire.cutAfter(ANSWER_TO_ORDER, ANSWER_TO_ORDER);
    let made: Awaited<ReturnType<typeof kiaraImage>> | undefined;
    const moves = await movesBy(async () => {
      made = await kiaraImage();
    });
    expect(made?.json).toMatchObject({ status: 'completed' });
    expect(moves).toEqual(['hold 0.06', 'capture 0.06']);
    expect((await detailOf(chain.front, made?.id ?? '')).attempts).toMatchObject([
      { outcome: 'outcome_unknown' },
      { outcome: 'outcome_unknown' },
      { outcome: 'succeeded' },
    ]);
  });

  it('of a text that nobody has seen yet costs the caller nothing, and is not asked for again', async () => {
    chain.wire.cutAfter(/(?=HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*content-type: text\/event-stream)/i);
    const { id, call } = await llmtune.customer(chain.front);
    llmtune.expectFault(await call('POST', llmtune.CHAT, llmtune.question), 'upstream_error@502');
    expect((await llmtune.balanceOf(chain.front, id)).held_usd).toBe('0');
  });
});

describe('what goes wrong behind', () => {
  it('is the operator’s where the account there is empty: the next route is used, and no caller sees it', async () => {
    const poor = await startChain({
      behind: chain.behind,
      credit_usd: '0.001',
      models: { ...MODELS, 'kiara/kiara-image-pro': '[up/genlock/image, sandbox/kiara-image-pro]' },
    });
    const { id, json } = await kiaraImage(poor);
    expect(json).toMatchObject({ status: 'completed' });
    expect((await detailOf(poor.front, id)).attempts).toMatchObject([
      { error: { code: 'model_misconfigured', raw: expect.stringContaining('insufficient_credits') } },
      { provider: 'sandbox', outcome: 'succeeded' },
    ]);
    await mendRoutes(poor.front);
    const { call } = await getimg.customer(poor.front);
    const answer = await call('POST', getimg.IMAGES, getimg.IMAGE);
    getimg.expectFault(answer, 'server_error@500');
    expect(answer.text).not.toMatch(/credit|balance|fund/i);
    await mendRoutes(poor.front);
    const chat = await llmtune.customer(poor.front, { credit_usd: '50' });
    llmtune.expectFault(
      await chat.call('POST', llmtune.CHAT, { ...llmtune.question, max_tokens: 4096 * 8 }),
      'internal_error@500',
    );
    await poor.close();
  });

  it('is the caller’s where what they wrote was refused, in the words of their dialect', async () => {
    const prompt = 'a mug [[sandbox error=content_rejected]]';
    const one = await getimg.customer(chain.front);
    getimg.expectFault(
      await one.call('POST', getimg.IMAGES, { ...getimg.IMAGE, prompt }),
      'content_policy_violation@422',
      'prompt',
    );
    const two = await skillsVideo.customer(chain.front);
    const film = await skillsVideo.run(chain.front, two.call, skillsVideo.SMALL_FILM, {
      ...skillsVideo.SHORT,
      prompt,
    });
    skillsVideo.expectFailed(film.json, 'VIDEO_GENERATION_CONTENT_REJECTED@job');
    const three = await native.customer(chain.front);
    const input = { ...native.IMAGE.input, prompt };
    const id = native.idOf(await three.call('POST', '/generations', { ...native.IMAGE, input }));
    expect((await native.ended(chain.front, three.call, id)).json).toMatchObject({
      status: 'failed',
      error: { code: 'content_rejected' },
    });
    expect((await detailOf(chain.front, id)).attempts).toHaveLength(1);
    expect((await chain.moves()).at(-1)).toBe('release 0.01');
  });

  it('is tried again under a new key where the job failed, within the tries of the route', async () => {
    const before = (await ordersBehind(chain)).data.length;
    const prompt = 'a mug [[sandbox error=upstream_failed]]';
    const { json, id } = await kiaraImage(chain, { prompt });
    expect(json).toMatchObject({ status: 'failed' });
    const { attempts } = await detailOf(chain.front, id);
    expect((await ordersBehind(chain)).data.length - before).toBe(attempts.length);
    expect(new Set(attempts.map(({ upstreamId }) => upstreamId)).size).toBe(attempts.length);
  });

  it('is not made again where nobody there knows what became of it', async () => {
    const { json, id } = await kiaraImage(chain, { prompt: 'a mug [[sandbox error=outcome_unknown]]' });
    expect(json).toMatchObject({ status: 'failed' });
    expect((await detailOf(chain.front, id)).attempts).toHaveLength(1);
  });

  it('ends there too when it is canceled here', async () => {
    const { call } = await native.customer(chain.front);
    const input = { ...native.VIDEO.input, prompt: 'a boat [[sandbox delay=600s]]' };
    const id = native.idOf(await call('POST', '/generations', { ...native.VIDEO, input }));
    const upstreamId = await upstreamIdOf(chain, id);
    expect((await call('POST', `/generations/${id}/cancel`)).json).toMatchObject({ status: 'canceled' });
    const there = native.caller(chain.behind, chain.key);
    expect((await native.ended(chain.behind, there, upstreamId)).json).toMatchObject({ status: 'canceled' });
  });
});
