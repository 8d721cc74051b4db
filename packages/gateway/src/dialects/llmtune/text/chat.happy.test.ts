import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd } from '../../../domain/money.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import {
  AGENT,
  balanceOf,
  CHAT,
  type Customer,
  customer,
  eventsOf,
  INFERENCE,
  inlineCalls,
  M,
  movesOf,
  PLAYGROUND,
  question,
  rawCall,
} from '../testing.ts';

let gateway: TestGateway;
let one: Customer;
beforeAll(async () => {
  gateway = await startTestGateway();
  one = await customer(gateway);
});
afterAll(() => gateway.close());

const TOOLS = [
  { type: 'function', function: { name: 'list_directory', parameters: { directory: 'string' } } },
  {
    type: 'function',
    function: { name: 'read_file', description: 'Read a file', parameters: { path: 'string' } },
  },
];

describe('a chat', () => {
  it('is answered in the shape of the contract', async () => {
    const { status, json } = await one.call('POST', CHAT, { ...question, max_tokens: 12 });
    expect(status).toBe(200);
    expect(json).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: M,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: expect.stringMatching(/light/i) },
          finish_reason: 'length',
        },
      ],
      usage: { prompt_tokens: 6, completion_tokens: 12, total_tokens: 18 },
    });
  });

  it('is the same for the same question, another for another seed, and greedy at temperature 0', async () => {
    const text = async (more: object) =>
      (await one.call('POST', CHAT, { ...question, ...more })).json.choices[0].message.content;
    expect(await text({})).toBe(await text({}));
    expect(await text({ seed: 1 })).not.toBe(await text({ seed: 2 }));
    expect(await text({ temperature: 0, seed: 1 })).toBe(await text({ temperature: 0, seed: 2 }));
  });

  it('takes both spellings, text parts, nulls and fields that it does not know', async () => {
    const { json } = await one.call('POST', CHAT, {
      model: M,
      messages: [
        { role: 'system', content: 'Be short.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'The ' },
            { type: 'text', text: 'sea' },
          ],
          name: 'x',
        },
      ],
      maxTokens: 3,
      max_tokens: 3,
      topP: 0.9,
      stop: null,
      n: 1,
      user: 'u-1',
      response_format: { type: 'text' },
      presence_penalty: 0.5,
    });
    expect(json.usage.completion_tokens).toBe(3);
  });

  it('stops at a stop text', async () => {
    const { json } = await one.call('POST', CHAT, { ...question, stop: ['light'] });
    expect(json.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.any(String) },
    });
    expect(json.choices[0].message.content).not.toContain('light');
  });

  it('costs what its usage says, at the price of the catalogue, and gives the rest of the hold back', async () => {
    const two = await customer(gateway);
    const { json } = await two.call('POST', CHAT, { ...question, max_tokens: 1000 });
    const { prompt_tokens, total_tokens } = json.usage;
    const micros = (tokens: number) => Math.round(tokens * 0.6);
    const [hold, charge] = [micros(prompt_tokens + 1000), micros(total_tokens)];
    expect(await movesOf(gateway, two.id)).toEqual([
      `hold ${formatUsd(hold)}`,
      `capture ${formatUsd(charge)}`,
      `release ${formatUsd(hold - charge)}`,
    ]);
    expect(await balanceOf(gateway, two.id)).toEqual({
      available_usd: formatUsd(10_000_000 - charge),
      held_usd: '0',
    });
    const { body } = await gateway.admin('GET', `/generations/${json.id}`);
    expect(body).toMatchObject({
      id: json.id,
      dialect: 'llmtune',
      status: 'succeeded',
      charged_usd: formatUsd(charge),
    });
  });

  it('needs no Bearer before the key', async () => {
    for (const path of [CHAT, AGENT]) {
      const answer = await one.call('POST', path, { ...question, max_tokens: 1 }, { authorization: one.key });
      expect(answer.status).toBe(200);
    }
  });

  it('is free with a test key, also at balance zero', async () => {
    const poor = await customer(gateway, { credit_usd: '0', key: { mode: 'test' } });
    expect(poor.key).toMatch(/^sk_test_[A-Za-z0-9]{32}$/);
    expect((await poor.call('POST', CHAT, question)).status).toBe(200);
  });
});

describe('a streamed chat', () => {
  it('comes in chunks of one id that join to the text, then [DONE]', async () => {
    const body = { ...question, max_tokens: 15 };
    const whole = await one.call('POST', CHAT, body);
    const answer = await one.call('POST', CHAT, { ...body, stream: true });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    expect(answer.headers.get('x-ratelimit-limit')).toBe('10000');

    const events = eventsOf(answer);
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((data) => JSON.parse(data));
    const [{ id, created }] = chunks;
    for (const chunk of chunks)
      expect(chunk).toMatchObject({ id, object: 'chat.completion.chunk', created, model: M });
    expect(chunks[0].choices).toEqual([
      { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null },
    ]);
    expect(chunks.at(-1).choices).toEqual([{ index: 0, delta: {}, finish_reason: 'length' }]);
    const pieces = chunks.slice(1, -1).map(({ choices }) => choices[0].delta.content);
    expect(pieces.join('')).toBe(whole.json.choices[0].message.content);
    expect(pieces.length).toBe(15);
  });

  it('ends with its usage when asked to, and costs as much as the whole answer', async () => {
    const two = await customer(gateway);
    const body = { ...question, max_tokens: 7 };
    const { json } = await two.call('POST', CHAT, body);
    const answer = await two.call('POST', CHAT, {
      ...body,
      stream: true,
      stream_options: { include_usage: true },
    });
    const [usage, done] = eventsOf(answer).slice(-2);
    expect(JSON.parse(usage ?? '')).toMatchObject({ choices: [], usage: json.usage });
    expect(done).toBe('[DONE]');
    const [hold, capture, ...again] = await movesOf(gateway, two.id);
    expect(again).toEqual([hold, capture]);
  });

  it('is charged for what was produced when the client leaves in the middle', async () => {
    const two = await customer(gateway);
    const body = JSON.stringify({ ...question, stream: true });
    const { port } = new URL(gateway.url);
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(
        `POST /llmtune${CHAT} HTTP/1.1\r\nhost: x\r\nauthorization: ${two.key}\r\ngenlock-sandbox: pace=20ms\r\n` +
          `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    let text = '';
    socket.on('data', (data) => {
      text += data;
      if (text.split('"content":').length < 4) return;
      socket.destroy();
      resolve();
    });
    await left;
    const id = /chatcmpl-\w+/.exec(text)?.[0] ?? '';
    const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
    const unsubscribe = gateway.core.store.subscribe((event) => {
      if (event.kind === 'changed' && event.generationId === id) settle();
    });
    if ((await gateway.core.store.generation(id))?.status === 'running') await settled;
    unsubscribe();
    const generation = await gateway.core.store.generation(id);
    expect(generation).toMatchObject({ status: 'canceled', delivered: { inputTokens: 6 } });
    expect(generation?.delivered?.outputTokens).toBeGreaterThanOrEqual(2);
    expect(generation?.delivered?.outputTokens).toBeLessThan(20);
    expect(generation?.charged).toBeGreaterThan(0);
    expect((await balanceOf(gateway, two.id)).held_usd).toBe('0');
  });
});

describe('a coding client', () => {
  const ask = (more: object = {}) => ({
    model: M,
    messages: [{ role: 'user', content: 'Read src/index.ts and tell me what it does.' }],
    tools: TOOLS,
    tool_choice: 'auto',
    ...more,
  });

  it.each([CHAT, AGENT])('gets a tool call from %s, answers it, and gets the final text', async (path) => {
    const first = (await one.call('POST', path, ask())).json;
    const [choice] = first.choices;
    expect(choice).toEqual({
      index: 0,
      message: {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: expect.stringMatching(/^call_\w+$/),
            type: 'function',
            function: { name: 'read_file', arguments: '{"path":"src/index.ts"}' },
          },
        ],
      },
      finish_reason: 'tool_calls',
    });
    const [call] = choice.message.tool_calls;
    const messages = [
      ...ask().messages,
      choice.message,
      { role: 'tool', tool_call_id: call.id, content: 'export const light = 1;' },
    ];
    const last = (await one.call('POST', path, ask({ messages }))).json;
    expect(last.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.any(String) },
    });
    expect(last.usage.prompt_tokens).toBeGreaterThan(first.usage.prompt_tokens);
  });

  it('gets another id for every call', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(
        async () => (await one.call('POST', AGENT, ask())).json.choices[0].message.tool_calls[0].id,
      ),
    );
    expect(new Set(ids).size).toBe(3);
  });

  it('may name the tool, need one, or want none', async () => {
    const calls = async (tool_choice: unknown) =>
      (await one.call('POST', AGENT, ask({ tool_choice }))).json.choices[0].message.tool_calls?.[0].function
        .name;
    expect(await calls({ type: 'function', function: { name: 'list_directory' } })).toBe('list_directory');
    expect(await calls('required')).toBe('read_file');
    expect(await calls('none')).toBeUndefined();
  });

  it('streams tool calls, with an index each', async () => {
    const events = eventsOf(await one.call('POST', AGENT, ask({ stream: true })));
    const deltas = events.slice(0, -1).map((data) => JSON.parse(data).choices[0]);
    expect(deltas[1].delta.tool_calls).toEqual([
      {
        index: 0,
        id: expect.stringMatching(/^call_/),
        type: 'function',
        function: { name: 'read_file', arguments: '{"path":"src/index.ts"}' },
      },
    ]);
    expect(deltas.at(-1).finish_reason).toBe('tool_calls');
    expect(events.at(-1)).toBe('[DONE]');
  });
});

describe('a single inference', () => {
  it('is answered in the shape of the contract', async () => {
    const { status, json } = await one.call('POST', INFERENCE, {
      prompt: 'The light',
      maxTokens: 10,
      topK: 40,
      metadata: { conversationId: 'c-1' },
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      text: expect.any(String),
      tokens: 12,
      model: M,
      latency: expect.any(Number),
      metadata: { conversationId: 'c-1' },
      usage: { prompt_tokens: 2, completion_tokens: 10, total_tokens: 12 },
      finish_reason: 'length',
    });
    expect(Number.isInteger(json.latency)).toBe(true);
  });

  it('takes the slash of a model id raw and encoded, and the model in the body', async () => {
    const body = { prompt: 'The light', maxTokens: 10 };
    const texts = await Promise.all(
      [
        one.call('POST', INFERENCE, body),
        one.call('POST', `/v1/models/${encodeURIComponent(M)}/inference`, body),
        one.call('POST', `/v1/models/${M.replace('/', '%2f')}/inference`, body),
        one.call('POST', PLAYGROUND, { ...body, modelId: M }),
      ].map(async (answer) => (await answer).json.text),
    );
    expect(texts[0]).toMatch(/light/i);
    expect(new Set(texts).size).toBe(1);
    expect((await one.call('POST', INFERENCE, body)).json.metadata).toBeNull();
  });

  it.each([INFERENCE, PLAYGROUND])('streams from %s', async (path) => {
    const body = { modelId: M, prompt: 'The light', max_tokens: 8 };
    const { json } = await one.call('POST', path, body);
    const events = eventsOf(await one.call('POST', path, { ...body, stream: true }));
    expect(events.at(-1)).toBe('[DONE]');
    const parts = events.slice(0, -1).map((data) => JSON.parse(data));
    expect(parts.at(-1)).toEqual({ text: '', tokens: 10, model: M, latency: expect.any(Number), done: true });
    expect(parts.map(({ text }) => text).join('')).toBe(json.text);
  });

  it('answers under 1,024 tokens by default, and every endpoint writes the defaults down', async () => {
    for (const { path, body } of inlineCalls) {
      const { maxTokens: _, max_tokens: __, ...plain } = body as Record<string, unknown>;
      await one.call('POST', path, plain);
    }
    const { data } = await gateway.core.store.generations(
      { accountId: one.id, dialect: 'llmtune', mode: 'live' },
      4,
    );
    const limits = data.map(({ request }) => request.kind === 'text' && request.maxTokens);
    expect(limits).toEqual([1024, 1024, 512, 512]);
  });
});

describe('HEAD', () => {
  it('is answered like GET, without a body', async () => {
    const answer = await rawCall(`${gateway.url}/llmtune/v1/models`, {
      method: 'HEAD',
      headers: { authorization: one.key },
    });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});
