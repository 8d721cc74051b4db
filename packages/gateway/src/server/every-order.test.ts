import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balanceOf, ledgerOf, movesOf } from '../testing/books.ts';
import { type Answer, callsTo } from '../testing/call.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { messages, orders, speech, text } from '../testing/orders.ts';

/*
 * What must be true of every order, in whatever dialect it is made. In other programs, budgets were exceeded through one dialect that did
 * not check, and polls were charged.
 */

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

async function customer(dialect: string, credit_usd: string) {
  const { id, key } = await gateway.customer({ dialect, credit_usd });
  return { id, call: callsTo(gateway.url, { authorization: `Bearer ${key.key}` }) };
}

describe.each(orders)('an order without the money for it: %s, %s %j', (dialect, path, body) => {
  it('is refused before anything is bought', async () => {
    // A micro-dollar is less than anything here costs.
    const poor = await customer(dialect, '0.000001');
    const refused = await poor.call('POST', path, body);
    expect(refused.status, refused.text.slice(0, 300)).toBeGreaterThanOrEqual(400);
    expect(await ledgerOf(gateway, poor.id)).toEqual(['top_up 0.000001']);
    // With credit the same order is accepted, so it was refused for nothing else.
    const rich = await customer(dialect, '10');
    const taken = await rich.call('POST', path, body);
    expect(taken.status, taken.text.slice(0, 300)).toBeLessThan(300);
    expect((await movesOf(gateway, rich.id))[0]).toMatch(/^hold /);
  });
});

describe.each([
  ['kiara', '/kiara/v1/generations', { prompt: 'a mug' }],
  ['skills-video', '/skills-video/api/v1/generation/minimax-tts/speech-02-hd', speech],
  ['skytells', '/skytells/v1/predictions', { model: 'truefusion', input: { prompt: 'a mug' } }],
  ['native', '/v1/generations', text],
])('looking at an order that has ended: %s', (dialect, path, body) => {
  it('costs nothing, however often', async () => {
    const { id: account, call } = await customer(dialect, '10');
    const ordered = await call('POST', path, body);
    const id = String(ordered.json.id);
    const read = (): Promise<Answer> =>
      call('GET', dialect === 'skills-video' ? `/skills-video/api/v1/generation/${id}` : `${path}/${id}`);
    await expect
      .poll(async () => (await balanceOf(gateway, account)).held_usd, { timeout: 20_000 })
      .toBe('0');
    const before = await ledgerOf(gateway, account);
    expect(before.map((line) => line.split(' ')[0])).toEqual(['top_up', 'hold', 'capture']);
    for (let n = 0; n < 20; n++) expect((await read()).status).toBe(200);
    expect(await ledgerOf(gateway, account)).toEqual(before);
  });
});

describe('an answer that is streamed', () => {
  it('costs what it costs whole', async () => {
    const order = { model: 'deepbrain-router', messages, max_tokens: 8, seed: 1 };
    const [whole, streamed] = [await customer('skytells', '10'), await customer('skytells', '10')];
    expect((await whole.call('POST', '/skytells/v1/chat/completions', order)).status).toBe(200);
    const stream = await streamed.call('POST', '/skytells/v1/chat/completions', { ...order, stream: true });
    expect(stream.text).toContain('data: [DONE]');
    const moves = await movesOf(gateway, whole.id);
    expect(moves).toContainEqual(expect.stringMatching(/^capture /));
    expect(await movesOf(gateway, streamed.id)).toEqual(moves);
  });
});
