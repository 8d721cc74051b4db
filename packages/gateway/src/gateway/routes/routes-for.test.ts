import { afterEach, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { scripted } from '../../testing/scripted-provider.ts';

let gateway: TestGateway | undefined;
afterEach(() => gateway?.close());

it('orders nothing for test keys that anybody would have to pay', async () => {
  const paid = scripted('paid', [() => ({ state: 'finished', outputs: [] })]);
  gateway = await startTestGateway({ providers: [paid] });
  const { url, admin, customer } = gateway;
  const routes = [{ provider: 'paid', model: 'x' }];
  expect((await admin('PATCH', '/models/kiara/kiara-vogue', { routes })).body).toMatchObject({ routes });
  const made = async (mode: 'live' | 'test'): Promise<string> => {
    const { key } = await customer({ key: { mode } });
    const headers = { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ product: 'kiara-vogue', prompt: 'a red mug' });
    const created = await fetch(`${url}/kiara/v1/generations`, { method: 'POST', headers, body });
    const { id } = (await created.json()) as { id: string };
    for (;;) {
      const { body: told } = await admin<{ status: string }>('GET', `/generations/${id}`);
      if (told.status !== 'queued' && told.status !== 'running') return told.status;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  expect([await made('test'), paid.calls.length]).toEqual(['succeeded', 0]);
  expect([await made('live'), paid.calls.length]).toEqual(['failed', 1]);
});

it('spends nothing on what a contract gives away', async () => {
  const paid = scripted('paid', [() => ({ state: 'finished', outputs: [] })]);
  gateway = await startTestGateway({ providers: [paid] });
  const routes = [{ provider: 'paid', model: 'x' }];
  const speech = 'minimax-tts/speech-02-hd';
  await gateway.admin('PATCH', `/models/skills-video/${encodeURIComponent(speech)}`, { routes });
  const { key } = await gateway.customer({ key: { dialect: 'skills-video' } });
  const base = `${gateway.url}/skills-video/api`;
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${base}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const input = { text: 'Good morning.' };
  expect((await post('/ai/tts/generate', { modelId: speech, input })).status).toBe(200);
  expect(paid.calls).toHaveLength(0);
  expect((await post(`/v1/generation/${speech}`, input)).status).toBe(202);
  await expect.poll(() => paid.calls.length).toBe(1);
});
