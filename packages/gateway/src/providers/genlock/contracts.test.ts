import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as getimg from '../../dialects/getimg/testing.ts';
import * as kiara from '../../dialects/kiara/testing.ts';
import * as llmtune from '../../dialects/llmtune/testing.ts';
import * as native from '../../dialects/native/testing.ts';
import * as skillsVideo from '../../dialects/skills-video/testing.ts';
import * as skytells from '../../dialects/skytells/testing.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { formWithPixel } from '../../testing/pixel.ts';
import { detailOf, factsOf, mendRoutes } from '../upstream/testing/deliveries.ts';
import { ANY_ANSWER, type Chain, startChain } from './testing/chain.ts';

interface Served {
  readonly image?: string;
  readonly video?: string;
  readonly speech?: string;
  readonly text?: string;
  readonly batch?: string;
  readonly vectors?: string;
  readonly up?: string;
}

/** The model of each contract for each kind of work. */
const SERVED: Readonly<Record<string, Served>> = {
  kiara: { image: 'kiara-image-pro', video: 'kiara-dream-fast' },
  getimg: {
    image: 'seedream-5-lite',
    video: 'seedance-v1-5-pro',
    up: ', models: { seedream-5-lite: { resolutions: [1K] }, seedance-v1-5-pro: { seconds: [4, 5], resolutions: [480p] } }',
  },
  'skills-video': {
    image: skillsVideo.IMAGE,
    video: skillsVideo.SMALL_FILM,
    speech: skillsVideo.SPEECH,
    up: `, models: { ${skillsVideo.SMALL_FILM}: { resolutions: [480p] } }, credit_usd: 0.01`,
  },
  skytells: {
    image: 'truefusion',
    video: 'truefusion-video',
    speech: 'voicefusion',
    text: 'deepbrain-router',
    vectors: 'skytells-embed-3-large',
    up: ', models: { truefusion-video: { seconds: [3, 5], resolutions: [480p] } }',
  },
  llmtune: { text: llmtune.M, batch: llmtune.M },
};

let behind: TestGateway;
beforeAll(async () => {
  behind = await startTestGateway();
});
afterAll(() => behind.close(0));

/** A front whose work is done through this contract by the gateway behind. */
function frontOf(dialect: string, more: { credit_usd?: string; next?: boolean } = {}): Promise<Chain> {
  const { up = '', image, video, speech, text, batch, vectors } = SERVED[dialect] ?? {};
  const to = (model: string | undefined, also: string) =>
    model === undefined ? undefined : `[up/${model}${more.next === true ? `, sandbox/${also}` : ''}]`;
  return startChain({
    ...{ behind, dialect, up },
    ...(more.credit_usd !== undefined && { credit_usd: more.credit_usd }),
    models: {
      'kiara/kiara-image-pro': to(image, 'kiara-image-pro'),
      'kiara/kiara-reference': to(image, 'kiara-reference'),
      'getimg/seedream-5-lite': to(image, 'seedream-5-lite'),
      'native/genlock/image': to(image, 'genlock/image'),
      'native/genlock/video': to(video, 'genlock/video'),
      'native/genlock/speech': to(speech, 'genlock/speech'),
      'native/genlock/text': to(text, 'genlock/text'),
      'skytells/deepbrain-router': to(text, 'deepbrain-router'),
      'skytells/skytells-embed-3-large': to(vectors, 'skytells-embed-3-large'),
      [`llmtune/${llmtune.M}`]: to(batch ?? text, llmtune.M),
    },
  });
}

/** Places a native order at the front and waits for its end. */
async function run({ front }: Chain, order: object) {
  const { id: account, call } = await native.customer(front);
  const id = native.idOf(await call('POST', '/generations', order));
  const { json } = await native.ended(front, call, id);
  return { id, account, json, attempts: (await detailOf(front, id)).attempts };
}

const SAID = (prompt: string) => ({ ...native.IMAGE, input: { ...native.IMAGE.input, prompt } });
const kinds = (kind: keyof Served) =>
  Object.entries(SERVED).flatMap(([dialect, served]) => (served[kind] === undefined ? [] : [dialect]));

describe.each(Object.keys(SERVED))('%s as an upstream', (dialect) => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await frontOf(dialect);
  });
  beforeEach(() => mendRoutes(chain.front));
  afterAll(() => chain.close());

  if (kinds('image').includes(dialect)) {
    it('makes pictures for callers of other contracts, each bought once', async () => {
      const before = (await chain.moves()).length;
      const one = await run(chain, { ...native.IMAGE, input: { ...native.IMAGE.input, count: 2 } });
      expect([one.json.status, one.json.error]).toEqual(['succeeded', null]);
      expect(await factsOf(chain.front, one.id)).toMatchObject([{ kind: 'image' }, { kind: 'image' }]);
      const two = await getimg.customer(chain.front);
      const made = await two.call('POST', getimg.IMAGES, getimg.IMAGE);
      expect([made.status, made.text]).toEqual([200, expect.any(String)]);
      const moves = (await chain.moves()).slice(before);
      expect(moves.filter((move) => move.startsWith('hold'))).toHaveLength(
        dialect === 'kiara' || dialect === 'getimg' ? 3 : 2,
      );
      expect(moves.filter((move) => move.startsWith('release'))).toEqual([]);
    });

    it('tells that the prompt was refused, where the contract does', async () => {
      const { json } = await run(chain, SAID('a mug [[sandbox error=content_rejected]]'));
      const told = dialect === 'kiara' ? 'upstream_failed' : 'content_rejected';
      expect(json).toMatchObject({ status: 'failed', error: { code: told } });
      expect((await chain.moves()).at(-1)).toMatch(/^release/);
    });

    it('is not charged to a caller where our account there is empty: the next route does it', async () => {
      const poor = await frontOf(dialect, { credit_usd: '0.001', next: true });
      const { json, attempts } = await run(poor, native.IMAGE);
      expect(json).toMatchObject({ status: 'succeeded' });
      expect(attempts).toMatchObject([
        { provider: 'up', error: { code: 'model_misconfigured' } },
        { provider: 'sandbox', outcome: 'succeeded' },
      ]);
      expect(await poor.moves()).toEqual([]);
      await poor.close();
    });

    it('orders once when the answer gets lost', async () => {
      const before = (await chain.moves()).length;
      chain.wire.cutAfter(ANY_ANSWER);
      const { json, attempts } = await run(chain, native.IMAGE);
      const holds = (await chain.moves()).slice(before).filter((move) => move.startsWith('hold'));
      expect(holds).toHaveLength(1);
      if (dialect === 'kiara') {
        expect(json).toMatchObject({ status: 'succeeded' });
        expect(attempts).toMatchObject([{ outcome: 'outcome_unknown' }, { outcome: 'succeeded' }]);
      } else {
        expect(json).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
        expect(attempts).toMatchObject([{ outcome: 'outcome_unknown' }]);
      }
    });
  }

  if (kinds('video').includes(dialect))
    it('makes clips', async () => {
      const { id, json } = await run(chain, native.VIDEO);
      expect([json.status, json.error]).toEqual(['succeeded', null]);
      expect(await factsOf(chain.front, id)).toMatchObject([{ kind: 'video', height: 480 }]);
    });

  if (kinds('speech').includes(dialect))
    it('speaks', async () => {
      const order = { ...native.SPEECH, input: { text: 'Good morning.', format: 'mp3' } };
      const { id, json } = await run(chain, order);
      expect([json.status, json.error]).toEqual(['succeeded', null]);
      expect(await factsOf(chain.front, id)).toMatchObject([{ contentType: 'audio/mpeg' }]);
    });

  if (kinds('text').includes(dialect)) {
    it('writes, streamed and whole', async () => {
      const one = await llmtune.customer(chain.front);
      const ask = {
        ...llmtune.question,
        max_tokens: 9,
        stream: true,
        stream_options: { include_usage: true },
      };
      const chunks = llmtune.eventsOf(await one.call('POST', llmtune.CHAT, ask));
      expect(chunks.at(-1)).toBe('[DONE]');
      const parsed = chunks.slice(0, -1).map((chunk) => JSON.parse(chunk));
      expect(parsed.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toMatch(/\w/);
      expect(parsed.at(-1).usage.completion_tokens).toBeGreaterThan(0);
      const { json } = await run(chain, native.TEXT);
      expect(json).toMatchObject({ status: 'succeeded', output: { text: expect.stringMatching(/\w/) } });
    });

    it('calls tools', async () => {
      const { call } = await llmtune.customer(chain.front);
      const tools = [{ type: 'function', function: { name: 'read_file', parameters: { path: 'string' } } }];
      const ask = { ...llmtune.question, tools, tool_choice: 'required' };
      const { json } = await call('POST', llmtune.AGENT, ask);
      expect(json.choices[0]).toMatchObject({
        message: { tool_calls: [{ function: { name: 'read_file' } }] },
      });
    });

    it('that has an empty account of ours is the operator’s', async () => {
      const poor = await frontOf(dialect, { credit_usd: '0.000001' });
      const { call } = await llmtune.customer(poor.front);
      const answer = await call('POST', llmtune.CHAT, llmtune.question);
      llmtune.expectFault(answer, 'internal_error@500');
      expect(answer.text).not.toMatch(/balance|credit|fund/i);
      await poor.close();
    });
  }
});

describe('more of', () => {
  it('kiara: pictures that callers bring are brought on', async () => {
    const chain = await startChain({
      ...{ behind, dialect: 'kiara' },
      models: { 'kiara/kiara-reference': '[up/kiara-reference]' },
    });
    const { json } = await kiara.makeFromUpload(chain.front);
    expect(json).toMatchObject({ status: 'completed' });
    expect(await chain.moves()).toEqual(['hold 0.05', 'capture 0.05']);
    await chain.close();
  });

  it('skills.video: files go within the order', async () => {
    const chain = await frontOf('skills-video');
    const { call } = await native.customer(chain.front);
    const { json } = await call('POST', '/uploads', formWithPixel());
    const input = { ...native.VIDEO.input, first_frame: json.id };
    const id = native.idOf(await call('POST', '/generations', { ...native.VIDEO, input }));
    const ended = await native.ended(chain.front, call, id);
    expect([ended.json.status, ended.json.error]).toEqual(['succeeded', null]);
    const { attempts } = await detailOf(chain.front, id);
    const behindIt = await detailOf(behind, attempts[0]?.upstreamId ?? '');
    expect(behindIt.generation.request.sources).toMatchObject([{ role: 'first_frame' }]);
    await chain.close();
  });

  it('getimg and Skytells: what was uploaded here cannot be shown to them', async () => {
    for (const dialect of ['getimg', 'skytells']) {
      const chain = await frontOf(dialect);
      const { id, json } = await kiara.makeFromUpload(chain.front);
      expect(json).toMatchObject({ status: 'failed' });
      expect((await detailOf(chain.front, id)).attempts).toMatchObject([
        { error: { code: 'model_misconfigured', raw: expect.stringContaining('public URLs') } },
      ]);
      expect(await chain.moves()).toEqual([]);
      await chain.close();
    }
  });

  it('getimg: public pictures go on by their URL, with what they are for', async () => {
    const pictures = await getimg.servePictures();
    const chain = await frontOf('getimg');
    const { call } = await native.customer(chain.front);
    const input = { ...native.VIDEO.input, first_frame: pictures.good };
    const id = native.idOf(await call('POST', '/generations', { ...native.VIDEO, input }));
    const ended = await native.ended(chain.front, call, id);
    expect([ended.json.status, ended.json.error]).toEqual(['succeeded', null]);
    const { attempts } = await detailOf(chain.front, id);
    const { generation } = await detailOf(behind, attempts[0]?.upstreamId ?? '');
    expect(generation.request.sources).toMatchObject([{ role: 'first_frame', url: pictures.good }]);
    await chain.close();
    await pictures.close();
  });

  it('Skytells: vectors, and a job that what serves the model failed', async () => {
    const chain = await frontOf('skytells');
    const { call } = await skytells.customer(chain.front);
    const body = { model: 'skytells-embed-3-large', input: ['a', 'b'] };
    const { json } = await call('POST', '/v1/embeddings', body);
    expect(json.data).toMatchObject([{ embedding: expect.any(Array) }, { embedding: expect.any(Array) }]);
    const { attempts, json: told } = await run(chain, SAID('a mug [[sandbox error=upstream_timeout]]'));
    expect(told).toMatchObject({ status: 'failed' });
    expect(attempts[0]?.error).toMatchObject({ code: expect.stringMatching(/^upstream_/) });
    await chain.close();
  });

  it('LLMTune: batches, once under one key', async () => {
    const chain = await frontOf('llmtune');
    const { call } = await llmtune.customer(chain.front);
    const requests = ['a', 'b', 'c'].map((prompt) => ({ id: prompt, prompt, maxTokens: 9 }));
    chain.wire.cutAfter(ANY_ANSWER);
    const submitted = await call('POST', llmtune.BATCH, { modelId: llmtune.M, requests });
    await llmtune.ended(chain.front, submitted.json.batchId);
    const batch = (await call('GET', `/v1/batch/${submitted.json.batchId}`)).json;
    expect(batch).toMatchObject({ status: 'completed', summary: { completed: 3, failed: 0 } });
    expect(batch.results.map((one: { id: string }) => one.id)).toEqual(['a', 'b', 'c']);
    const holds = (await chain.moves()).filter((move) => move.startsWith('hold'));
    expect(holds).toHaveLength(1);
    expect((await detailOf(chain.front, submitted.json.batchId)).attempts).toMatchObject([
      { outcome: 'outcome_unknown' },
      { outcome: 'succeeded' },
    ]);
    await chain.close();
  });
});
