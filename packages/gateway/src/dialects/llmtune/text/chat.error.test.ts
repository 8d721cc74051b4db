import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import {
  AGENT,
  BATCH,
  balanceOf,
  batchCall,
  CHAT,
  CHAT_ONLY,
  type Customer,
  caller,
  customer,
  expectFault,
  INACTIVE,
  INFERENCE,
  inlineCalls,
  M,
  movesOf,
  PLAYGROUND,
  question,
  until,
} from '../testing.ts';

let gateway: TestGateway;
let one: Customer;
beforeAll(async () => {
  gateway = await startTestGateway();
  one = await customer(gateway);
});
afterAll(() => gateway.close());

const user = (content: unknown) => ({ model: M, messages: [{ role: 'user', content }] });
const tool = (name: unknown, more: object = {}) => ({ type: 'function', function: { name, ...more } });

describe('a body', () => {
  provokes('llmtune', 'invalid_request@400', 'each bad field of a chat', async () => {
    const called = {
      role: 'assistant',
      tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{}' } }],
    };
    for (const body of [
      { model: M },
      { messages: question.messages },
      { ...question, model: 7 },
      { ...question, model: '' },
      { ...question, messages: 'hi' },
      { ...question, messages: [] },
      { ...question, messages: ['hi'] },
      { ...question, messages: [{ role: 'developer', content: 'x' }] },
      { ...question, messages: [{ content: 'x' }] },
      user(7),
      user(null),
      user([{ type: 'image_url', image_url: { url: 'https://x' } }]),
      { ...question, temperature: 3 },
      { ...question, temperature: -0.1 },
      { ...question, temperature: 'hot' },
      { ...question, max_tokens: 0 },
      { ...question, max_tokens: 1.5 },
      { ...question, max_tokens: 131_073 },
      { ...question, max_tokens: 5, maxTokens: 6 },
      { ...question, max_tokens: 5, max_completion_tokens: 6 },
      { ...question, max_completion_tokens: 0 },
      { ...question, stream: true, stream_options: { include_usage: 'yes' } },
      { ...question, top_p: 0 },
      { ...question, topP: 1.1 },
      { ...question, top_k: 0 },
      { ...question, stream: 'yes' },
      { ...question, n: 2 },
      { ...question, stop: [1] },
      { ...question, stop: ['a', 'b', 'c', 'd', 'e'] },
      { ...question, stop: '' },
      { ...question, seed: 1.5 },
      { ...question, presence_penalty: 3 },
      { ...question, metadata: 'x' },
      { ...question, metadata: { big: 'x'.repeat(17_000) } },
      { ...question, response_format: { type: 'json_object' } },
      { ...question, tools: {} },
      { ...question, tools: [{ type: 'function' }] },
      { ...question, tools: [tool('')] },
      { ...question, tools: [tool('f', { parameters: 'x' })] },
      { ...question, tools: [tool('f', { description: 7 })] },
      { ...question, tools: Array(129).fill(tool('f')) },
      { ...question, tools: [tool('f')], tool_choice: tool('g') },
      { ...question, tool_choice: 'required' },
      { ...question, messages: [{ role: 'tool', content: 'x', tool_call_id: 'c1' }] },
      { ...question, messages: [called, { role: 'tool', content: 'x', tool_call_id: 'c2' }] },
      { ...question, messages: [called, { role: 'tool', content: 'x' }] },
      { ...question, messages: [{ role: 'assistant', tool_calls: [{ id: 'c1' }] }] },
      { ...question, messages: [{ role: 'assistant', tool_calls: 'x' }] },
    ])
      for (const path of [CHAT, AGENT]) {
        const answer = await one.call('POST', path, body);
        expect(answer.status, JSON.stringify(body).slice(0, 200)).toBe(400);
        expectFault(answer, 'invalid_request@400');
      }
    expect(await movesOf(gateway, one.id)).toEqual([]);
  });

  provokes('llmtune', 'invalid_request@400', 'each bad field of an inference', async () => {
    const good = { modelId: M, prompt: 'x' };
    for (const body of [
      { modelId: M },
      { ...good, prompt: '' },
      { ...good, prompt: 7 },
      { ...good, temperature: 2.1 },
      { ...good, maxTokens: 0 },
      { ...good, maxTokens: 131_073 },
      { ...good, max_tokens: 1, maxTokens: 2 },
      { ...good, topP: 0 },
      { ...good, topK: 0 },
      { ...good, topK: 1.5 },
      { ...good, metadata: [] },
      { ...good, metadata: { big: 'x'.repeat(17_000) } },
      { ...good, stream: 1 },
    ])
      for (const path of [INFERENCE, PLAYGROUND])
        expectFault(await one.call('POST', path, body), 'invalid_request@400');
    expectFault(await one.call('POST', PLAYGROUND, { prompt: 'x' }), 'invalid_request@400');
  });

  it.each([
    ['broken JSON', '{"model":', {}],
    ['an array', '[]', {}],
    ['nothing', '', {}],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}],
    ['more than 4 MB', `{"pad":"${'x'.repeat(4 * 1024 * 1024)}"}`, {}],
    ['a form', 'model=x', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['NUL in a text', JSON.stringify(user('a\0b')), {}],
    ['half a surrogate pair', '{"model":"m","messages":[{"role":"user","content":"\\ud800"}]}', {}],
    ['nested too deeply', `{"metadata":${'{"a":'.repeat(80)}1${'}'.repeat(80)}}`, {}],
    ['a sandbox directive that is none', question, { 'genlock-sandbox': 'colour=red' }],
  ])('that is %s is refused everywhere', async (_what, body, headers) => {
    const valid = typeof body === 'object' && !(body instanceof Uint8Array);
    const paths = valid ? [CHAT, AGENT] : [CHAT, AGENT, INFERENCE, PLAYGROUND, BATCH];
    for (const path of paths) expectFault(await one.call('POST', path, body, headers), 'invalid_request@400');
  });

  it('may have a little less than 4 MB, and no more tokens than the model takes', async () => {
    const long = 'x'.repeat(2 * 1024 * 1024);
    expectFault(await one.call('POST', CHAT, user('word '.repeat(131_072))), 'invalid_request@400');
    const answer = await one.call('POST', CHAT, { ...question, max_tokens: 1, pad: long });
    expect(answer.status).toBe(200);
  });

  it('that moderation refuses is invalid', async () => {
    const strict = await startTestGateway({ config: 'moderation:\n  words: [forbidden]\n' });
    const { call, id } = await customer(strict);
    expectFault(await call('POST', CHAT, user('a forbidden word')), 'invalid_request@400');
    expect(await movesOf(strict, id)).toEqual([]);
    await strict.close();
  });
});

describe('money', () => {
  provokes(
    'llmtune',
    'Insufficient balance. Please add funds to your account.@402',
    'nothing, or less than the most that a call can cost; funded, it passes',
    async () => {
      const row = 'Insufficient balance. Please add funds to your account.@402';
      for (const { path, body } of [...inlineCalls, batchCall]) {
        const { call, id } = await customer(gateway, { credit_usd: '0' });
        expectFault(await call('POST', path, body), row);
        await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '1.00' });
        expect((await call('POST', path, body)).status).toBe(200);
      }
      const { call, id } = await customer(gateway, { credit_usd: '0.05' });
      expectFault(await call('POST', CHAT, { ...question, max_tokens: 100_000 }), row);
      expect((await call('POST', CHAT, { ...question, max_tokens: 10 })).status).toBe(200);
      expect((await balanceOf(gateway, id)).held_usd).toBe('0');
    },
  );
});

describe('a model', () => {
  provokes('llmtune', 'model_not_found@404', 'unknown, inactive, or not for coding clients', async () => {
    for (const model of [
      'nope/none',
      INACTIVE,
      'toString',
      'ft:nope/none:0123456789ab',
      `ft:${M}:0123456789ab`,
    ]) {
      expectFault(await one.call('POST', CHAT, { ...question, model }), 'model_not_found@404');
      expectFault(await one.call('POST', AGENT, { ...question, model }), 'model_not_found@404');
      expectFault(
        await one.call('POST', `/v1/models/${model}/inference`, { prompt: 'x' }),
        'model_not_found@404',
      );
      expectFault(await one.call('POST', PLAYGROUND, { modelId: model, prompt: 'x' }), 'model_not_found@404');
      const batch = { ...batchCall.body, modelId: model };
      expectFault(await one.call('POST', BATCH, batch), 'model_not_found@404');
    }
    expectFault(await one.call('POST', AGENT, { ...question, model: CHAT_ONLY }), 'model_not_found@404');
    expect((await one.call('POST', CHAT, { ...question, model: CHAT_ONLY })).status).toBe(200);
  });

  it.each(['inactive', 'paused'])(
    'that the operator makes %s is gone at once, and comes back',
    async (status) => {
      const model = `/models/llmtune/${encodeURIComponent(CHAT_ONLY)}`;
      await gateway.admin('PATCH', model, { status });
      expectFault(await one.call('POST', CHAT, { ...question, model: CHAT_ONLY }), 'model_not_found@404');
      await gateway.admin('PATCH', model, { status: null });
      expect((await one.call('POST', CHAT, { ...question, model: CHAT_ONLY })).status).toBe(200);
    },
  );
});

describe('limits', () => {
  provokes('llmtune', 'rate_limit_exceeded@429', 'the 61st call in a minute, of any kind', async () => {
    let now = Date.now();
    const slow = await startTestGateway({ now: () => now, worker: false });
    try {
      const { id, key } = await slow.customer({ dialect: 'llmtune' });
      const call = caller(slow, key.key);
      for (let n = 0; n < 58; n += 1) await call('GET', '/v1/models');
      expect((await call('POST', CHAT, { ...question, max_tokens: 1 })).status).toBe(200);
      const last = await call('POST', CHAT, '{');
      expectFault(last, 'invalid_request@400');
      expect(last.headers.get('x-ratelimit-remaining')).toBe('0');
      for (const { path, body } of [...inlineCalls, batchCall])
        expectFault(await call('POST', path, body), 'rate_limit_exceeded@429');
      const refused = await call('GET', '/api/usage/summary');
      expectFault(refused, 'rate_limit_exceeded@429');
      expect(refused.json.retryAfter).toBe(1);
      expect((await call('GET', '/api/health')).status).toBe(200);

      const second = await slow.createKey(id, { dialect: 'llmtune' });
      expect((await caller(slow, second.key)('GET', '/v1/models')).status).toBe(200);
      now += refused.json.retryAfter * 1000;
      expect((await call('GET', '/v1/models')).status).toBe(200);
    } finally {
      await slow.close();
    }
  });

  provokes('llmtune', 'rate_limit_exceeded@429', 'one more at once than a key may have', async () => {
    const few = await customer(gateway, { key: { limits: { requests_per_minute: 1000, concurrent: 2 } } });
    const slow = { 'genlock-sandbox': 'delay=300s' };
    const running = [1, 2].map(() => {
      const leave = new AbortController();
      const done = fetch(`${gateway.url}/llmtune${CHAT}`, {
        method: 'POST',
        headers: { authorization: few.key, 'content-type': 'application/json', ...slow },
        body: JSON.stringify(question),
        signal: leave.signal,
      }).catch(() => undefined);
      return { leave, done };
    });
    const held = async () => (await balanceOf(gateway, few.id)).held_usd;
    await until(gateway, async () => (await movesOf(gateway, few.id)).length === 2);
    for (const { path, body } of [...inlineCalls, batchCall])
      expectFault(await few.call('POST', path, body), 'rate_limit_exceeded@429');
    for (const { leave, done } of running) {
      leave.abort();
      await done;
    }
    await until(gateway, async () => (await held()) === '0');
    // Nothing was produced, so nothing was charged.
    expect((await balanceOf(gateway, few.id)).available_usd).toBe('10');
    expect((await few.call('POST', CHAT, { ...question, max_tokens: 1 })).status).toBe(200);
  });
});
