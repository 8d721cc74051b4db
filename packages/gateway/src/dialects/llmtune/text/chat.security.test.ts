import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import {
  AGENT,
  BATCH,
  batchCall,
  CHAT,
  type Customer,
  caller,
  customer,
  expectFault,
  INFERENCE,
  inlineCalls,
  M,
  movesOf,
  PLAYGROUND,
  question,
  rawCall,
  START,
} from '../testing.ts';

let gateway: TestGateway;
let one: Customer;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
  one = await customer(gateway);
});
afterAll(() => gateway.close());

const JOB = '00000000-0000-4000-8000-000000000000';
const everything = [
  ...inlineCalls.map(({ path }) => ['POST', path] as const),
  ['POST', BATCH],
  ['GET', `/v1/batch/${JOB}`],
  ['POST', START],
  ['POST', '/v1/fine-tune'],
  ['GET', `/v1/fine-tune/${JOB}`],
  ['GET', `/api/training/${JOB}`],
  ['POST', `/api/training/${JOB}/cancel`],
  ['GET', '/v1/models'],
  ['GET', '/api/models/list'],
  ['GET', '/api/agent/models'],
  ['GET', '/api/agent/v1/models'],
  ['GET', '/api/usage/summary'],
] as const;

describe('a key', () => {
  provokes('llmtune', 'invalid_api_key@401', 'missing, malformed, unknown, foreign or revoked', async () => {
    const kiara = await gateway.customer({ dialect: 'kiara' });
    const gone = await customer(gateway);
    await gateway.admin('PATCH', `/keys/${gone.keyId}`, { status: 'revoked' });
    for (const [method, path] of everything) {
      const body = method === 'POST' ? {} : undefined;
      expectFault(await caller(gateway)(method, path, body), 'invalid_api_key@401');
      for (const authorization of [
        'Bearer sk_live_nope',
        'Bearer ',
        'Bearer',
        'sk_live_nope',
        `Basic ${one.key}`,
        `Bearer ${one.key} x`,
        `Bearer ${one.key.toLowerCase()}`,
        `Bearer ${'x'.repeat(5000)}`,
        `Bearer ${kiara.key.key}`,
        `Bearer ${gone.key}`,
        gone.key,
      ])
        expectFault(await caller(gateway)(method, path, body, { authorization }), 'invalid_api_key@401');
    }
  });

  provokes('llmtune', 'account_disabled@403', 'paused, or of a workspace that is', async () => {
    const two = await customer(gateway);
    for (const [target, other] of [
      [`/keys/${two.keyId}`, 'active'],
      [`/accounts/${two.id}`, 'active'],
    ] as const) {
      await gateway.admin('PATCH', target, { status: 'paused' });
      for (const [method, path] of everything)
        expectFault(
          await two.call(method, path, method === 'POST' ? '{' : undefined),
          'account_disabled@403',
        );
      await gateway.admin('PATCH', target, { status: other });
      expect((await two.call('GET', '/v1/models')).status).toBe(200);
    }
  });

  it('is not needed for health, and not looked at', async () => {
    expect((await caller(gateway, 'sk_live_nope')('GET', '/api/health')).status).toBe(200);
  });

  it('is shown in no answer', async () => {
    for (const [method, path] of everything) {
      const answer = await one.call(method, path, method === 'POST' ? {} : undefined);
      expect(answer.text).not.toContain(one.key);
    }
  });
});

describe('a caller without a key', () => {
  provokes('llmtune', 'rate_limit_exceeded@429', 'that tries too often from one address', async () => {
    const now = Date.now(); // stopped, because the bucket would refill while a slow machine empties it
    const alone = await startTestGateway({ worker: false, now: () => now });
    const nobody = caller(alone);
    for (let n = 0; n < 300; n += 1) await nobody('GET', '/v1/models');
    expectFault(await nobody('GET', '/v1/models'), 'rate_limit_exceeded@429');
    expect((await nobody('GET', '/api/health')).status).toBe(200);
    const known = await customer(alone);
    expect((await known.call('GET', '/v1/models')).status).toBe(200);
    await alone.close();
  });
});

describe('an endpoint', () => {
  provokes(
    'llmtune',
    'forbidden@403',
    'of the web application, or called with the wrong method',
    async () => {
      for (const call of [one.call, caller(gateway)]) {
        for (const path of [
          '/api/billing/checkout',
          '/api/%zz',
          '/api',
          '/api/keys',
          '/api/agent/v1/embeddings',
          '/api/images',
        ])
          expectFault(await call('POST', path, {}), 'forbidden@403');
        for (const [method, path] of everything) {
          const wrong = method === 'POST' ? 'GET' : 'DELETE';
          const answer = await call(wrong, path);
          expectFault(answer, 'forbidden@403');
          expect(answer.headers.get('allow')).toBe(method === 'POST' ? 'POST' : 'GET, HEAD');
        }
      }
      const preflight = await one.call('OPTIONS', CHAT);
      expectFault(preflight, 'forbidden@403');
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  provokes('llmtune', 'not_found@404', 'that does not exist', async () => {
    for (const path of [
      '/v1/nope',
      '/v1',
      '/',
      '',
      '/v2/chat/completions',
      '/v1/chat/completions/',
      '/v1/embeddings',
      '/v1/images/generations',
      `/v1/models/${M}`,
      '/v1/models/inference',
      '/v1/models//inference',
      '/v1/%zz',
    ])
      expectFault(await one.call('GET', path), 'not_found@404');
    expectFault(await one.call('POST', `/v1/models/${M}`, { prompt: 'x' }), 'not_found@404');
    expectFault(await one.call('POST', '/v1/models/inference', { prompt: 'x' }), 'not_found@404');
  });

  it('that gets broken HTTP answers in the dialect', async () => {
    const { port } = new URL(gateway.url);
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(`POST /llmtune${CHAT} HTTP/1.1\r\nhost: x\r\ncontent-length: nonsense\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('close', () => resolve(text));
    expect(await promise).toMatch(/^HTTP\/1\.1 400 [\s\S]*"error":"invalid_request"/);
  });
});

describe('hosts', () => {
  let hosted: TestGateway;
  let key: string;
  beforeAll(async () => {
    hosted = await startTestGateway({
      worker: false,
      config: 'hosts:\n  llmtune:\n    api: api.llmtune.test\n    dashboard: llmtune.test\n',
    });
    key = (await hosted.customer({ dialect: 'llmtune' })).key.key;
  });
  afterAll(() => hosted.close());

  const at = (host: string, method: string, path: string, body?: object, authorization = key) =>
    rawCall(hosted.url + path, {
      method,
      headers: { host, authorization, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const short = { ...question, max_tokens: 1 };

  it('have the API at the root of one of them', async () => {
    expect((await at('api.llmtune.test', 'POST', CHAT, short)).status).toBe(200);
    expect((await at('API.llmtune.test:4010', 'POST', AGENT, short)).status).toBe(200);
    expect((await at('api.llmtune.test', 'GET', '/api/models/list')).status).toBe(200);
    expect((await at('api.llmtune.test', 'GET', '/admin/v1/models')).status).toBe(404);
  });

  it('for the dashboard serve no inference, key or no key', async () => {
    for (const authorization of [key, 'nope'])
      for (const [method, path] of [
        ['POST', CHAT],
        ['POST', AGENT],
        ['POST', INFERENCE],
        ['POST', PLAYGROUND],
        ['POST', BATCH],
        ['POST', '/v1/fine-tune'],
        ['GET', '/v1/models'],
        ['GET', '/v1/nope'],
        ['GET', '/api/agent/models'],
        ['POST', `/llmtune${CHAT}`],
      ] as const) {
        const answer = await at(
          'llmtune.test',
          method,
          path,
          method === 'POST' ? short : undefined,
          authorization,
        );
        expect([answer.status, JSON.parse(answer.text).error]).toEqual([403, 'forbidden']);
      }
    expect((await at('llmtune.test', 'GET', '/api/models/list')).status).toBe(200);
    expect((await at('llmtune.test', 'GET', '/api/health')).status).toBe(200);
    expect((await at('llmtune.test', 'POST', '/api/billing/checkout', {})).status).toBe(403);
  });

  it('do not keep the mount from working elsewhere', async () => {
    expect((await at('127.0.0.1', 'POST', `/llmtune${CHAT}`, short)).status).toBe(200);
  });
});

describe('the order of checks', () => {
  let poor: Customer;
  let limited: Customer;
  let paused: Customer;
  beforeAll(async () => {
    poor = await customer(gateway, { credit_usd: '0' });
    limited = await customer(gateway, { key: { limits: { requests_per_minute: 1 } } });
    await limited.call('GET', '/v1/models');
    paused = await customer(gateway, { key: { limits: { requests_per_minute: 1 } } });
    await paused.call('GET', '/v1/models');
    await gateway.admin('PATCH', `/keys/${paused.keyId}`, { status: 'paused' });
  });
  const unknown = { ...question, model: 'nope/none' };

  it.each([
    ['endpoint before key', () => caller(gateway)('POST', '/v1/nope', '{'), 'not_found@404'],
    ['method before key', () => caller(gateway)('GET', CHAT), 'forbidden@403'],
    ['key before body', () => caller(gateway)('POST', CHAT, '{'), 'invalid_api_key@401'],
    ['account before rate', () => paused.call('POST', CHAT, '{'), 'account_disabled@403'],
    ['rate before body', () => limited.call('POST', CHAT, '{'), 'rate_limit_exceeded@429'],
    ['rate before job', () => limited.call('GET', `/api/training/${JOB}`), 'rate_limit_exceeded@429'],
    [
      'body before model',
      () => one.call('POST', CHAT, { ...unknown, temperature: 3 }),
      'invalid_request@400',
    ],
    ['model before money', () => poor.call('POST', CHAT, unknown), 'model_not_found@404'],
    [
      'model before idempotency',
      async () => {
        const key = { 'idempotency-key': 'order-1' };
        await one.call('POST', BATCH, batchCall.body, key);
        return one.call('POST', BATCH, { ...batchCall.body, modelId: 'nope/none' }, key);
      },
      'model_not_found@404',
    ],
    [
      'idempotency before money',
      async () => {
        const two = await customer(gateway, { credit_usd: '0.000020' });
        const key = { 'idempotency-key': 'order-2' };
        expect((await two.call('POST', BATCH, batchCall.body, key)).status).toBe(200);
        const other = { ...batchCall.body, requests: [{ id: 'b', prompt: 'x', maxTokens: 100_000 }] };
        return two.call('POST', BATCH, other, key);
      },
      'idempotency_conflict@400',
    ],
    [
      'money before the backend',
      () => poor.call('POST', CHAT, question, { 'genlock-sandbox': 'error=upstream_failed at=admit' }),
      'Insufficient balance. Please add funds to your account.@402',
    ],
  ] as const)('is %s', async (_what, provoke, row) => {
    expectFault(await provoke(), row);
  });
});

describe('hostile input', () => {
  it('in a model id is no model', async () => {
    for (const id of [
      "'; DROP TABLE models; --",
      '../../../etc/passwd',
      '%00',
      'a'.repeat(3000),
      '__proto__',
      '🦙',
    ])
      expectFault(
        await one.call('POST', `/v1/models/${encodeURIComponent(id)}/inference`, { prompt: 'x' }),
        'model_not_found@404',
      );
  });

  it('with prototype names is plain data', async () => {
    const body = `{"model":"${M}","messages":[{"role":"user","content":"x"}],"max_tokens":1,"__proto__":{"stream":true},"constructor":{"prototype":{"x":1}}}`;
    expect((await one.call('POST', CHAT, body)).json.object).toBe('chat.completion');
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('in tool schemas is answered', async () => {
    const deep = `${'{"type":"object","properties":{"a":'.repeat(25)}{"type":"string"}${'}}'.repeat(25)}`;
    const tools = `[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"__proto__":{"type":"string"},"x":{"enum":[]},"y":{"type":["null"]},"z":${deep}}}}}]`;
    const body = `{"model":"${M}","messages":[{"role":"user","content":"x"}],"tools":${tools}}`;
    const { status, json } = await one.call('POST', AGENT, body);
    expect(status).toBe(200);
    expect(JSON.parse(json.choices[0].message.tool_calls[0].function.arguments)).toHaveProperty('x');
  });

  it('leaves no trace', async () => {
    const two = await customer(gateway);
    await two.call('POST', CHAT, { ...question, temperature: 9 });
    await two.call('POST', CHAT, { ...question, model: 'nope' });
    await two.call('POST', CHAT, question, { 'genlock-sandbox': 'error=upstream_failed at=admit' });
    expect(await movesOf(gateway, two.id)).toEqual([]);
  });
});
