import { afterEach, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { scripted } from '../testing/scripted-provider.ts';

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
