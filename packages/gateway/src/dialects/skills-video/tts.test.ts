import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { balance, type Call, caller, customer, expectFault, SAY, SPEECH } from './testing.ts';

const PATHS = ['/api/ai/tts/generate', '/api/v1/ai/tts/generate'];
const HOUSE = '/accounts/acct_house_skills-video';

let gateway: TestGateway;
let nobody: Call;

beforeAll(async () => {
  gateway = await startTestGateway();
  nobody = caller(gateway);
});
afterAll(() => gateway.close());

interface Said {
  readonly success: boolean;
  readonly data: { readonly audio_url: string; readonly audio: { readonly duration: number } };
}

describe('speech while the caller waits', () => {
  it('needs no key on either path, also when the first calls come all at once', async () => {
    const input = { text: 'good morning', language: 'en', voice: 'anything' };
    const answers = await Promise.all(
      PATHS.flatMap((path) => [
        nobody('POST', path, { modelId: SPEECH, input }),
        nobody('POST', path, { provider: 'minimax-tts', model: 'speech-02-hd', input }),
        nobody('POST', path, { endpoint: SPEECH, input: { prompt: 'good morning' } }),
      ]),
    );
    for (const { status, json } of answers) {
      const { data } = json as unknown as Said;
      expect(status).toBe(200);
      expect(json).toEqual({
        success: true,
        data: {
          provider: 'minimax-tts',
          model: 'speech-02-hd',
          modelId: SPEECH,
          endpoint: SPEECH,
          audio_url: expect.stringMatching(/\/skills-video\/files\/.+\/audio-1\.mp3$/),
          audio: { url: data.audio_url, content_type: 'audio/mpeg', duration: expect.any(Number) },
          output: { audio_url: data.audio_url },
          logs: null,
          metrics: null,
        },
      });
    }
    const data = (answers[0]?.json as unknown as Said | undefined)?.data;
    const file = await fetch(data?.audio_url ?? '');
    expect(file.headers.get('content-type')).toBe('audio/mpeg');
    const facts = await gateway.core.probe(new Uint8Array(await file.arrayBuffer()));
    expect(facts).toMatchObject({ kind: 'audio', durationSeconds: data?.audio.duration });
  });

  it('prefers the id of the model to all else, and takes a key that is good', async () => {
    const ann = await customer(gateway);
    const before = await balance(ann.call);
    const said = await ann.call('POST', PATHS[0] ?? '', {
      modelId: SPEECH,
      provider: 'google',
      model: 'veo-3.1',
      endpoint: 'upstream/7',
      input: { text: 'x' },
    });
    expect([said.status, said.json.data]).toEqual([
      200,
      expect.objectContaining({ modelId: SPEECH, endpoint: 'upstream/7' }),
    ]);
    // It belongs to no workspace, so it costs nothing and sends no webhook.
    expect(await balance(ann.call)).toEqual(before);
  });

  it('is waited for although the store cannot be read for a moment', async () => {
    await gateway.admin('POST', '/faults', { point: 'store.read', effect: 'error', times: 2 });
    const said = await nobody('POST', PATHS[0] ?? '', { modelId: SPEECH, input: { text: 'x' } });
    await gateway.admin('DELETE', '/faults');
    expect([said.status, said.json.success]).toEqual([200, true]);
  });

  it('is no task that anybody could read', async () => {
    const { data } = await gateway.core.store.generations(
      { accountId: 'acct_house_skills-video', dialect: 'skills-video', mode: 'test' },
      1,
    );
    const ann = await customer(gateway);
    expect((await ann.call('GET', `/api/v1/generation/${data[0]?.id}`)).status).toBe(404);
  });

  it('is switched off without a key by pausing the account of the house', async () => {
    await nobody('POST', PATHS[0] ?? '', { modelId: SPEECH, input: { text: 'x' } });
    expect((await gateway.admin('PATCH', HOUSE, { status: 'paused' })).status).toBe(200);
    const body = { modelId: SPEECH, input: { text: 'x' } };
    for (const path of PATHS) expectFault(await nobody('POST', path, body), 'UNAUTHORIZED@401');
    const ann = await customer(gateway);
    expect((await ann.call('POST', PATHS[0] ?? '', body)).status).toBe(200);
    await gateway.admin('PATCH', HOUSE, { status: 'active' });
    expect((await nobody('POST', PATHS[0] ?? '', body)).status).toBe(200);
  });

  it('is switched off before anybody called', async () => {
    const fresh = await startTestGateway();
    expect((await fresh.admin('GET', HOUSE)).body).toMatchObject({ status: 'active' });
    await fresh.close();
    const closed = await startTestGateway();
    expect((await closed.admin('PATCH', HOUSE, { status: 'paused' })).status).toBe(200);
    expectFault(await caller(closed)('POST', PATHS[0] ?? '', SAY), 'UNAUTHORIZED@401');
    for (const id of ['acct_house_kiara', 'acct_house_', 'acct_house_nope'])
      expect((await closed.admin('PATCH', `/accounts/${id}`, { status: 'paused' })).status).toBe(404);
    await closed.close();
  });

  it('is not to be repeated by itself where nobody knows what became of it', async () => {
    for (const [error, said] of [
      ['outcome_unknown', 'false'],
      ['upstream_failed', null],
    ]) {
      const input = { text: `x [[sandbox error=${error}]]` };
      const answer = await nobody('POST', PATHS[0] ?? '', { modelId: SPEECH, input });
      expectFault(answer, 'TTS_GENERATION_FAILED@502');
      expect(answer.headers.get('x-should-retry')).toBe(said);
    }
  });

  provokes('skills-video', 'TTS_GENERATION_TIMEOUT@504', 'a limit below what it takes', async () => {
    const short = await startTestGateway({
      config: `models: { skills-video/${SPEECH}: { deadline: 300ms } }`,
    });
    const said = await caller(short)('POST', PATHS[0] ?? '', {
      modelId: SPEECH,
      input: { text: 'slow [[sandbox delay=60s]]' },
    });
    expectFault(said, 'TTS_GENERATION_TIMEOUT@504');
    await short.close();
  });

  provokes('skills-video', 'TTS_GENERATION_PROVIDER_UNAVAILABLE@503', 'the server drains', async () => {
    const leaving = await startTestGateway();
    await leaving.drain(0);
    const said = await caller(leaving)('POST', PATHS[0] ?? '', { modelId: SPEECH, input: { text: 'x' } });
    expectFault(said, 'TTS_GENERATION_PROVIDER_UNAVAILABLE@503');
    await leaving.close();
  });
});
