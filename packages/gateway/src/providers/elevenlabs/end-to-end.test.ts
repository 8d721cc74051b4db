import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as native from '../../dialects/native/testing.ts';
import * as skillsVideo from '../../dialects/skills-video/testing.ts';
import * as skytells from '../../dialects/skytells/testing.ts';
import { movesOf } from '../../testing/books.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { detailOf, factsOf, mendRoutes } from '../upstream/testing/deliveries.ts';
import type { HttpDouble } from '../upstream/testing/http-double.ts';
import { createElevenLabs } from './provider.ts';
import { KEY, startElevenLabsDouble, VOICE } from './testing/double.ts';

const SPEAK = `POST /v1/text-to-speech/${VOICE}`;

let double: HttpDouble;
let gateway: TestGateway;
beforeAll(async () => {
  double = await startElevenLabsDouble();
  gateway = await startTestGateway({
    config: `
providers:
  up: { type: elevenlabs, base_url: ${double.url}, api_key: ${KEY}, voice: ${VOICE} }
retries: { base_delay: 1ms, max_delay: 2s }
models:
  native/genlock/speech: { routes: [up/eleven_v3] }
  skills-video/minimax-tts/speech-02-hd: { routes: [up/eleven_flash_v2_5] }
  skytells/voicefusion: { routes: [up/eleven_multilingual_v2] }
  skytells/beatfusion-2.0: { routes: [up/music_v1] }
`,
  });
});
beforeEach(() => mendRoutes(gateway));
afterAll(async () => {
  await gateway.close();
  await double.close();
});

/** Orders speech for a new customer of the native API and waits for its end. */
async function speech(input: object = native.SPEECH.input) {
  const { id: account, call } = await native.customer(gateway);
  const id = native.idOf(await call('POST', '/generations', { model: 'genlock/speech', input }));
  const { json } = await native.ended(gateway, call, id);
  return { id, json, moves: await movesOf(gateway, account) };
}

describe('speech', () => {
  it('reaches customers of three dialects as real files', async () => {
    const spoken = await speech();
    expect(spoken.json).toMatchObject({ status: 'succeeded' });
    expect(await factsOf(gateway, spoken.id)).toMatchObject([{ kind: 'audio', contentType: 'audio/wav' }]);
    expect(double.seen.at(-1)?.query.get('output_format')).toBe('pcm_24000');
    expect(double.seen.at(-1)?.json).toMatchObject({ text: 'Good morning.', model_id: 'eleven_v3' });

    const two = await skillsVideo.customer(gateway);
    const text = { text: 'Good morning.', voice: 'Wise_Woman', language: 'en' };
    const made = await skillsVideo.run(gateway, two.call, skillsVideo.SPEECH, text);
    expect(made.json).toMatchObject({ status: 'COMPLETED' });
    expect(await factsOf(gateway, skillsVideo.idOf(made))).toMatchObject([{ contentType: 'audio/mpeg' }]);
    expect(double.seen.at(-1)?.json).toMatchObject({ language_code: 'en' });

    const three = await skytells.customer(gateway);
    for (const [model, input, path] of [
      ['voicefusion', { text: 'Hello' }, `/v1/text-to-speech/${VOICE}`],
      ['beatfusion-2.0', { lyrics: 'la la la' }, '/v1/music'],
    ] as const) {
      const id = skytells.idOf(await three.call('POST', '/v1/predict', { model, input }));
      expect((await skytells.ended(gateway, three.call, id)).json).toMatchObject({ status: 'succeeded' });
      expect(await factsOf(gateway, id)).toMatchObject([{ kind: 'audio' }]);
      expect(double.seen.at(-1)?.path).toBe(path);
    }
  });

  it('is told as refused where the text was', async () => {
    const refusal = {
      status: 403,
      body: { detail: { status: 'content_against_policy', message: 'Acme refuses.' } },
    };
    double.script(SPEAK, refusal, refusal);
    const { json, moves } = await speech();
    expect(json).toMatchObject({ status: 'failed', error: { code: 'content_rejected' } });
    expect(JSON.stringify(json)).not.toContain('Acme');
    expect(moves.map((move) => move.split(' ')[0])).toEqual(['hold', 'release']);
    const { call } = await skillsVideo.customer(gateway);
    const made = await skillsVideo.run(gateway, call, skillsVideo.SPEECH, { text: 'Good morning.' });
    skillsVideo.expectFailed(made.json, 'TTS_GENERATION_CONTENT_REJECTED@job');
  });

  it('fails as the operator’s business where the account upstream is empty', async () => {
    const message = `This request exceeds your quota of 10000, ${KEY}.`;
    double.script(SPEAK, { status: 401, body: { detail: { status: 'quota_exceeded', message } } });
    const before = double.count(SPEAK);
    const { id, json, moves } = await speech();
    expect(json).toMatchObject({ status: 'failed', error: { code: 'model_misconfigured' } });
    expect(JSON.stringify(json.error)).not.toMatch(/quota|credits|eleven/i);
    expect(moves.map((move) => move.split(' ')[0])).toEqual(['hold', 'release']);
    expect(double.count(SPEAK) - before).toBe(1);
    const { attempts } = await detailOf(gateway, id);
    expect(attempts[0]?.error?.raw).toContain('quota_exceeded');
    expect(attempts[0]?.error?.raw).not.toContain(KEY);
  });

  it.each([
    ['dies with the connection', 'drop' as const],
    ['breaks off', { pieces: ['RIFF', 'drop' as const], headers: { 'content-type': 'audio/pcm' } }],
    ['is the page of a proxy', { status: 502, body: '<html>Bad Gateway</html>' }],
    [
      'is a page with a good status',
      { headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' },
    ],
    [
      'is a page that says it is sound',
      { headers: { 'content-type': 'audio/pcm' }, body: '<!DOCTYPE html>' },
    ],
  ])('is not bought again when the answer %s', async (_, act) => {
    const before = double.count(SPEAK);
    double.script(SPEAK, act);
    const { id, json, moves } = await speech();
    expect(json).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
    expect(double.count(SPEAK) - before).toBe(1);
    expect((await detailOf(gateway, id)).attempts).toMatchObject([{ outcome: 'outcome_unknown' }]);
    expect(moves.map((move) => move.split(' ')[0])).toEqual(['hold', 'release']);
  });

  it.each([
    ['JSON', { body: { audio: 'aGVsbG8=' } }],
    ['nothing', { headers: { 'content-type': 'audio/pcm' }, body: '' }],
  ])('is not bought again when %s came in its place', async (_, act) => {
    const before = double.count(SPEAK);
    double.script(SPEAK, act);
    const { json, moves } = await speech();
    expect(json).toMatchObject({ status: 'failed', error: { code: 'upstream_invalid_result' } });
    expect(double.count(SPEAK) - before).toBe(1);
    expect(moves.map((move) => move.split(' ')[0])).toEqual(['hold', 'release']);
  });

  it('is tried again where it surely was not made', async () => {
    const busy = {
      status: 429,
      headers: { 'retry-after-ms': '200' },
      body: { detail: { status: 'system_busy', message: '' } },
    };
    double.script(
      SPEAK,
      { status: 500, body: { detail: { status: 'generation_failed', message: 'No voice.' } } },
      busy,
    );
    const { id, json } = await speech();
    expect(json).toMatchObject({ status: 'succeeded' });
    const { attempts } = await detailOf(gateway, id);
    expect(attempts.map(({ error }) => error?.code)).toEqual([
      'upstream_failed',
      'upstream_rate_limited',
      undefined,
    ]);
    expect((attempts[2]?.startedAt ?? 0) - (attempts[1]?.startedAt ?? 0)).toBeGreaterThanOrEqual(200);
  });
});

it('says what it cost, where the operator says what a credit is worth', async () => {
  const settings = { api_key: KEY, voice: VOICE, base_url: double.url, credit_usd: '0.0003' };
  const provider = createElevenLabs('up', settings);
  const reply = await provider.submit({
    idempotencyKey: 'gen_1',
    attempt: 1,
    model: 'eleven_v3',
    mode: 'live',
    request: { kind: 'speech', text: 'Ten chars.', format: 'mp3', seed: 1 },
    fetchSource: () => Promise.reject(new Error('no sources')),
    readArtifact: () => Promise.reject(new Error('no artifacts')),
    tell: () => {},
    signal: new AbortController().signal,
  });
  expect(reply).toMatchObject({ state: 'finished', cost: 3000 });
  await provider.close?.();
});
