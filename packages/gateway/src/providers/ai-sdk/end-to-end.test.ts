import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as getimg from '../../dialects/getimg/testing.ts';
import * as native from '../../dialects/native/testing.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { KEY, type OpenAiDouble, startOpenAiDouble } from '../openai-compatible/testing/double.ts';
import { detailOf, factsOf, mendRoutes } from '../upstream/testing/deliveries.ts';

/** The real package, as npm installed it. */
const PACKAGE = dirname(dirname(fileURLToPath(import.meta.resolve('@ai-sdk/openai'))));

let double: OpenAiDouble;
let gateway: TestGateway;
let dataDir: string;
beforeAll(async () => {
  double = await startOpenAiDouble();
  dataDir = await mkdtemp(join(tmpdir(), 'genlock-ai-sdk-'));
  await mkdir(join(dataDir, 'node_modules/@ai-sdk'), { recursive: true });
  await symlink(PACKAGE, join(dataDir, 'node_modules/@ai-sdk/openai'));
  gateway = await startTestGateway({
    dataDir,
    config: `
providers:
  up:
    type: ai-sdk
    package: "@ai-sdk/openai"
    options: { baseURL: "${double.baseUrl}", apiKey: ${KEY} }
    models: { gpt-image-1: { sizes: [1024x1024, 1536x1024, 1024x1536] } }
retries: { base_delay: 1ms, max_delay: 1s }
models:
  getimg/seedream-5-lite: { routes: [up/gpt-image-1] }
  native/genlock/speech: { routes: [up/tts-1] }
  native/genlock/text: { routes: [up/gpt-5] }
`,
  });
});
afterAll(async () => {
  await gateway.close();
  await double.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('pictures and speech of a real package reach callers', async () => {
  const one = await getimg.customer(gateway);
  const made = await one.call('POST', getimg.IMAGES, getimg.IMAGE);
  expect([made.status, made.text]).toEqual([200, expect.any(String)]);
  expect(await factsOf(gateway, getimg.idOf(made))).toMatchObject([
    { kind: 'image', width: 1024, height: 1024 },
  ]);

  const two = await native.customer(gateway);
  const spoken = native.idOf(await two.call('POST', '/generations', native.SPEECH));
  expect((await native.ended(gateway, two.call, spoken)).json).toMatchObject({ status: 'succeeded' });
  expect(await factsOf(gateway, spoken)).toMatchObject([{ kind: 'audio' }]);
});

it('its errors are told as those of any upstream, and a lost answer is not ordered again', async () => {
  const { call } = await getimg.customer(gateway);
  const before = double.count('POST /v1/images/generations');
  const refused = { error: { code: 'moderation_blocked', message: `Rejected. ${KEY}`, type: 'user_error' } };
  double.script('POST /v1/images/generations', { status: 400, body: refused }, 'drop');
  getimg.expectFault(
    await call('POST', getimg.IMAGES, getimg.IMAGE),
    'content_policy_violation@422',
    'prompt',
  );
  await mendRoutes(gateway);
  const lost = await call('POST', getimg.IMAGES, getimg.IMAGE);
  getimg.expectFault(lost, 'server_error@500');
  expect(double.count('POST /v1/images/generations') - before).toBe(2);
});

it('keys within its options are in no error that is kept', async () => {
  const { call } = await native.customer(gateway);
  double.script('POST /v1/audio/speech', {
    status: 401,
    body: { error: { message: `Incorrect key ${KEY}` } },
  });
  const id = native.idOf(await call('POST', '/generations', native.SPEECH));
  expect((await native.ended(gateway, call, id)).json).toMatchObject({ status: 'failed' });
  const [attempt] = (await detailOf(gateway, id)).attempts;
  expect(attempt?.error).toMatchObject({
    code: 'model_misconfigured',
    raw: expect.stringContaining('Incorrect key'),
  });
  expect(attempt?.error?.raw).not.toContain(KEY);
});

it('texts are not its work', async () => {
  const { call } = await native.customer(gateway);
  const id = native.idOf(await call('POST', '/generations', native.TEXT));
  expect((await native.ended(gateway, call, id)).json).toMatchObject({
    error: { code: 'model_misconfigured' },
  });
});
