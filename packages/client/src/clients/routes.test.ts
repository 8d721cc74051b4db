import { describe, expect, it } from 'vitest';
import { describe as getimgApi } from '../../../gateway/src/dialects/getimg/describe.ts';
import { describe as kiaraApi } from '../../../gateway/src/dialects/kiara/describe.ts';
import { describe as llmtuneApi } from '../../../gateway/src/dialects/llmtune/describe.ts';
import { describe as nativeApi } from '../../../gateway/src/dialects/native/describe.ts';
import { describe as skillsVideoApi } from '../../../gateway/src/dialects/skills-video/describe.ts';
import { describe as skytellsApi } from '../../../gateway/src/dialects/skytells/describe.ts';
import type { ApiDescription } from '../../../gateway/src/http/reference/api-description.ts';
import {
  createClient,
  createGetimgClient,
  createKiaraClient,
  createLLMTuneClient,
  createSkillsVideoClient,
  createSkytellsClient,
  type VendorOptions,
} from '../index.ts';

/** The same routes under other names. */
const ALIASES: readonly string[] = [
  'post /v1/predict',
  'delete /v1/predictions/{id}/delete',
  'get /v1/model/{slug}',
  'post /v1/fine-tune',
  'get /v1/fine-tune/{jobId}',
  'get /api/agent/models',
  'post /api/v1/ai/tts/generate',
];

/** Files with links of their own: `download` fetches any link. */
const LINKS: readonly string[] = [
  'get /v2/downloads/{id}/{index}',
  'get /delivery/{id}',
  'get /files/{id}/{seal}/{name}',
];

/** The routes that the methods of a client call, as a server sees them. */
async function routesOf<C>(
  make: (options: VendorOptions & { baseUrl: string }) => C,
  base: string,
  calls: (client: C, signal: AbortSignal) => readonly unknown[],
): Promise<readonly string[]> {
  const seen: string[] = [];
  // Streams reconnect if the server sends nothing new; one connection is enough here.
  const stop = new AbortController();
  const client = make({
    apiKey: 'k',
    baseUrl: `http://api.test${base}`,
    fetch: async (input, init) => {
      const route = `${init?.method?.toLowerCase()} ${new URL(String(input)).pathname}`;
      if (seen.includes(route)) stop.abort();
      seen.push(route);
      return Response.json({ id: 'x', data: [] });
    },
  });
  await Promise.allSettled(calls(client, stop.signal));
  return seen;
}

function expectAll({ operations }: ApiDescription, seen: readonly string[], mount = ''): void {
  const left = operations
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !ALIASES.includes(route) && !LINKS.includes(route))
    .filter((route) => {
      const [method, path = ''] = route.split(' ');
      const pattern = new RegExp(`^${method} ${mount}${path.replaceAll(/\{\w+\}/g, '[^/]+(?:/[^/]+)?')}$`);
      return !seen.some((one) => pattern.test(one));
    });
  expect(left).toEqual([]);
}

describe('every route has a method', () => {
  it('of the native API', async () => {
    const order = { model: 'm', input: {} };
    const seen = await routesOf(createClient, '/v1', (c, signal) => [
      c.generations.create(order),
      c.generations.get('x'),
      c.generations.list().page(),
      c.generations.cancel('x'),
      c.generations.retry('x'),
      c.generations.deliveries('x'),
      c.generations.stream('x', { signal }).next(),
      c.assets.upload(new Uint8Array(1)),
      c.assets.get('x'),
      c.assets.download('x'),
      c.models.list(),
      c.models.get('a/b'),
      c.quote(order),
      c.balance(),
      c.usage(),
      c.webhooks.endpoints.create({ url: 'https://x' }),
      c.webhooks.endpoints.list(),
      c.webhooks.endpoints.get('x'),
      c.webhooks.endpoints.update('x', {}),
      c.webhooks.endpoints.delete('x'),
      c.webhooks.endpoints.rotateSecret('x'),
      c.webhooks.endpoints.deliveries('x').page(),
      c.webhooks.deliveries.get('x'),
      c.webhooks.deliveries.redeliver('x'),
      c.webhooks.secret.get(),
      c.webhooks.secret.rotate(),
    ]);
    expectAll(nativeApi(), seen, '/v1');
  });

  it('of Kiara', async () => {
    const seen = await routesOf(createKiaraClient, '', (c) => [
      c.health(),
      c.generations.create({ prompt: 'x' }),
      c.generations.list().page(),
      c.generations.get('x'),
      c.generations.cancel('x'),
      c.generations.retry('x'),
      c.products.list(),
      c.products.get('x'),
      c.quote({ prompt: 'x' }),
      c.balance(),
      c.packs.list(),
      c.topups.create({ pack: 'x' }),
      c.topups.get('x'),
      c.uploads.create(new Uint8Array(1)),
      c.uploads.content('x'),
      c.assets.content('x'),
    ]);
    expectAll(kiaraApi(), seen);
  });

  it('of getimg', async () => {
    const order = { model: 'm', prompt: 'x' };
    const seen = await routesOf(createGetimgClient, '', (c) => [
      c.images.generate(order),
      c.videos.create(order),
      c.videos.get('x'),
      c.models.list(),
    ]);
    expectAll(getimgApi(), seen);
  });

  it('of Skytells', async () => {
    const chat = { model: 'm', messages: [] };
    const seen = await routesOf(createSkytellsClient, '/v1', (c) => [
      c.predictions.create({ model: 'm', input: {} }),
      c.predictions.list().page(),
      c.predictions.get('x'),
      c.predictions.stream('x'),
      c.predictions.cancel('x'),
      c.predictions.delete('x'),
      c.models.list(),
      c.models.get('x'),
      c.chat.create(chat),
      c.responses.create({ model: 'm', input: 'x' }),
      c.embeddings.create({ model: 'm', input: 'x' }),
    ]);
    expectAll(skytellsApi(), seen);
  });

  it('of skills.video', async () => {
    const seen = await routesOf(createSkillsVideoClient, '/api', (c, signal) => [
      c.generations.create('a/b', {}),
      c.generations.stream('a/b', {}, { signal }).next(),
      c.generations.get('x'),
      c.speech.generate({ input: { text: 'x' } }),
      c.models.list(),
      c.credits(),
    ]);
    expectAll(skillsVideoApi(), seen);
  });

  it('of LLMTune', async () => {
    const chat = { model: 'm', messages: [] };
    const seen = await routesOf(createLLMTuneClient, '', (c) => [
      c.chat.create(chat),
      c.agent.chat.create(chat),
      c.agent.models(),
      c.inference.create('a/b', { prompt: 'x' }),
      c.playground.create({ modelId: 'm', prompt: 'x' }),
      c.batches.create({ modelId: 'm', requests: [] }),
      c.batches.get('x'),
      c.training.start({ baseModel: 'm', dataset: 'x' }),
      c.training.get('x'),
      c.training.cancel('x'),
      c.models.list(),
      c.usage(),
      c.health(),
    ]);
    // The OpenAI form of the same list.
    expectAll(llmtuneApi(), [...seen, 'get /v1/models']);
  });
});

describe('an id', () => {
  it.each(['', '.', '..'])('"%s" would name another route, and is refused', async (id) => {
    const fetch = () => Promise.reject(new Error('must not be called'));
    const client = createClient({ baseUrl: 'http://api.test/v1', apiKey: 'k', fetch });
    await expect(client.generations.get(id)).rejects.toThrow(TypeError);
    await expect(client.webhooks.endpoints.delete(id)).rejects.toThrow(TypeError);
  });
});
