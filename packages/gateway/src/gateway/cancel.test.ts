import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, customer } from '../dialects/skytells/testing.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

describe('a call that is answered as it runs', () => {
  it('cannot be canceled under the text that it brings, which would then be free', async () => {
    const { id: account, key, call } = await customer(gateway);
    const messages = [{ role: 'user', content: 'hello' }];
    const body = { model: 'deepbrain-router', messages, max_tokens: 20 };
    const answer = call('POST', '/v1/chat/completions', body, { 'genlock-sandbox': 'delay=300ms' });
    const page = { accountId: account, dialect: 'skytells', mode: 'live', offset: 0, limit: 1 } as const;
    let id: string | undefined;
    while (id === undefined) id = (await gateway.core.store.generationsByNumber(page)).data[0]?.id;

    expect((await gateway.admin('POST', `/generations/${id}/cancel`)).status).toBe(409);
    expect((await caller(gateway, key)('DELETE', `/v1/predictions/${id}`)).status).toBe(502);
    expect((await answer).status).toBe(200);
    const { body: told } = await gateway.admin('GET', `/generations/${id}`);
    expect(told).toMatchObject({ status: 'succeeded' });
    expect(Number(told.charged_usd)).toBeGreaterThan(0);
  });
});
