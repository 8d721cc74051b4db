import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPaidGateway } from '../../../providers/openai-compatible/testing/paid-gateway.ts';
import { provokes } from '../../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import { type Answer, type Call, customer, expectInferenceFault, movesOf } from '../testing.ts';

let gateway: TestGateway;
let call: Call;
let account: string;
beforeAll(async () => {
  gateway = await startTestGateway({ config: 'moderation:\n  words: [forbidden]\n' });
  ({ call, id: account } = await customer(gateway));
});
afterAll(() => gateway.close());

const HI = [{ role: 'user', content: 'Tell me about a red mug.' }];
const CHAT = { model: 'deepbrain-router', messages: HI, max_tokens: 8, seed: 1 };
const RESPONSE = {
  model: 'deepbrain-router',
  input: 'Tell me about a red mug.',
  max_output_tokens: 8,
  seed: 1,
};
const VECTORS = { model: 'skytells-embed-3-large', input: 'a red mug', dimensions: 8 };
const steered = (steering: string) => ({ 'genlock-sandbox': steering });

const ROUTES = [
  ['/v1/chat/completions', CHAT],
  ['/v1/responses', RESPONSE],
  ['/v1/embeddings', VECTORS],
] as const;

/** The `data:` lines of a stream, parsed except the last. */
function linesOf({ headers, text }: Answer) {
  expect(headers.get('content-type')).toBe('text/event-stream');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  const lines = text.split('\n\n').filter((line) => line !== '');
  return lines.map((line) => {
    const data = line.slice('data: '.length);
    return data === '[DONE]' ? data : JSON.parse(data);
  });
}

describe('POST /v1/chat/completions', () => {
  it("answers in OpenAI's shape with filter results, and charges the tokens used", async () => {
    const { id, call: mine } = await customer(gateway);
    const { status, json } = await mine('POST', '/v1/chat/completions', CHAT);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      model: 'deepbrain-router',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: expect.stringMatching(/\S/) },
          finish_reason: 'length',
          content_filter_results: { hate: { filtered: false, severity: 'safe' } },
        },
      ],
      usage: { prompt_tokens: 7, completion_tokens: 8, total_tokens: 15 },
      prompt_filter_results: [{ prompt_index: 0 }],
    });
    // 7 × 0.50 + 8 × 1.25 dollars per million; micro-dollars are whole.
    expect(await movesOf(gateway, id)).toEqual(['hold 0.000014', 'capture 0.000014']);
  });

  it('streams the same text, ended by usage and [DONE]', async () => {
    const { json } = await call('POST', '/v1/chat/completions', CHAT);
    const stream = { stream: true, stream_options: { include_usage: true } };
    const lines = linesOf(await call('POST', '/v1/chat/completions', { ...CHAT, ...stream }));
    expect(lines.at(-1)).toBe('[DONE]');
    const usage = lines.at(-2);
    expect(usage).toMatchObject({ choices: [], usage: json.usage });
    const chunks = lines.slice(0, -2);
    for (const chunk of chunks)
      expect(chunk).toMatchObject({ id: usage.id, object: 'chat.completion.chunk' });
    expect(chunks[0].choices[0].delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.at(-1).choices[0].finish_reason).toBe('length');
    const text = chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join('');
    expect(text).toBe((json.choices as { message: { content: string } }[])[0]?.message.content);
  });

  it('takes what chats are made of', async () => {
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Is it ' },
          { type: 'text', text: 'safe?' },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'yes' },
    ];
    const body = {
      model: 'deepbrain-router',
      messages,
      max_completion_tokens: 16,
      temperature: 0,
      top_p: 1,
      stop: 'x',
      n: 1,
    };
    expect((await call('POST', '/v1/chat/completions', body)).status).toBe(200);
  });
});

describe('POST /v1/responses', () => {
  it("answers in OpenAI's shape with content filters", async () => {
    const { status, json } = await call('POST', '/v1/responses', { ...RESPONSE, instructions: 'Be brief.' });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response',
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      instructions: 'Be brief.',
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text' }] }],
      usage: { output_tokens: 8 },
      content_filters: [{ blocked: false }, { blocked: false }],
    });
    const whole = await call('POST', '/v1/responses', { ...RESPONSE, max_output_tokens: 500 });
    expect(whole.json).toMatchObject({ status: 'completed', incomplete_details: null });
  });

  it('streams its events in order, numbered', async () => {
    const lines = linesOf(await call('POST', '/v1/responses', { ...RESPONSE, stream: true }));
    expect(lines.pop()).toBe('[DONE]');
    expect(lines.map(({ sequence_number }) => sequence_number)).toEqual(lines.map((_line, index) => index));
    const types = lines.map(({ type }) => type);
    expect([...new Set(types)]).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.incomplete',
    ]);
    const text = lines.map((line) => line.delta ?? '').join('');
    expect(lines.at(-1).response.output[0].content[0].text).toBe(text);
  });

  it('takes a history with tool calls', async () => {
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: 'look' }] },
      { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: 'a mug' },
    ];
    expect((await call('POST', '/v1/responses', { ...RESPONSE, input })).status).toBe(200);
  });
});

describe('POST /v1/embeddings', () => {
  it('gives one vector for each input, the same for the same text, in either format', async () => {
    const { id, call: mine } = await customer(gateway);
    const { json } = await mine('POST', '/v1/embeddings', {
      ...VECTORS,
      input: ['a red mug', 'x', 'a red mug'],
    });
    expect(json).toMatchObject({
      object: 'list',
      model: 'skytells-embed-3-large',
      data: [
        { object: 'embedding', index: 0 },
        { object: 'embedding', index: 1 },
        { object: 'embedding', index: 2 },
      ],
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
    const vectors = (json.data as { embedding: number[] }[]).map(({ embedding }) => embedding);
    expect(vectors[0]).toHaveLength(8);
    expect(vectors[2]).toEqual(vectors[0]);
    const packed = await mine('POST', '/v1/embeddings', { ...VECTORS, encoding_format: 'base64' });
    const [first] = packed.json.data as { embedding: string }[];
    const bytes = Buffer.from(first?.embedding ?? '', 'base64');
    const floats = Array.from({ length: 8 }, (_, index) => bytes.readFloatLE(index * 4));
    expect(floats.map((value) => value.toFixed(5))).toEqual(vectors[0]?.map((value) => value.toFixed(5)));
    // 7 and 3 tokens at 0.13 per million, the second of which is less than half a micro-dollar.
    expect(await movesOf(gateway, id)).toEqual([
      'hold 0.000001',
      'capture 0.000001',
      'hold 0.000001',
      'release 0.000001',
    ]);
  });

  it('is as long as the model makes them unless asked otherwise; token ids will do', async () => {
    const { json } = await call('POST', '/v1/embeddings', { model: VECTORS.model, input: [1, 2, 3] });
    expect((json.data as { embedding: number[] }[]).map(({ embedding }) => embedding.length)).toEqual([3072]);
  });
});

describe.each(ROUTES)('%s refuses', (path, body) => {
  const post = (changes: unknown, headers = {}) => call('POST', path, changes, headers);

  provokes('skytells', 'INVALID_REQUEST@400', 'what cannot be read, or has no model', async () => {
    for (const broken of ['{"model":', '', '[]', '{"model":"\\u0000"}'])
      expect((await post(broken)).json.error).toMatchObject({ error_id: 'INVALID_REQUEST', status: 400 });
    expectInferenceFault(await post({ ...body, model: undefined }), 'INVALID_REQUEST@400', 'model');
  });

  provokes('skytells', 'INVALID_PARAMETER@400', 'a model of another kind, a bad member', async () => {
    expectInferenceFault(await post({ ...body, model: 'truefusion' }), 'INVALID_PARAMETER@400', 'model');
    expectInferenceFault(await post({ ...body, model: 5 }), 'INVALID_PARAMETER@400', 'model');
    expectInferenceFault(await post({ ...body, seed: -1 }), 'INVALID_PARAMETER@400', 'seed');
  });

  provokes('skytells', 'MODEL_NOT_FOUND@404', 'an unknown model', async () => {
    expectInferenceFault(await post({ ...body, model: 'nope' }), 'MODEL_NOT_FOUND@404', 'model');
  });

  provokes('skytells', 'FORBIDDEN@403', 'a model that is switched off or has no price', async () => {
    for (const change of [{ status: 'inactive' }, { status: 'paused' }, { billable: false }]) {
      await gateway.admin('PATCH', `/models/skytells/${body.model}`, change);
      expectInferenceFault(await post(body), 'FORBIDDEN@403');
      await gateway.admin('DELETE', `/models/skytells/${body.model}`);
    }
  });

  provokes('skytells', 'INSUFFICIENT_CREDITS@402', 'a balance that is too low', async () => {
    const poor = await customer(gateway, { credit_usd: '0' });
    expectInferenceFault(await poor.call('POST', path, body), 'INSUFFICIENT_CREDITS@402');
    expectInferenceFault(
      await post(body, steered('error=payment_required at=admit')),
      'INSUFFICIENT_CREDITS@402',
    );
  });

  provokes('skytells', 'RATE_LIMIT_EXCEEDED@429', 'one call over the limit', async () => {
    const limited = await customer(gateway, { limits: { requests_per_minute: 1 } });
    await limited.call('GET', '/v1/models');
    expectInferenceFault(await limited.call('POST', path, body), 'RATE_LIMIT_EXCEEDED@429');
  });

  provokes('skytells', 'CONTENT_POLICY_VIOLATION@451', 'words of the list', async () => {
    const text = 'this is forbidden';
    const said = 'messages' in body ? { messages: [{ role: 'user', content: text }] } : { input: text };
    expectInferenceFault(await post({ ...body, ...said }), 'CONTENT_POLICY_VIOLATION@451');
  });

  provokes('skytells', 'INTERNAL_ERROR@500', 'a store or ledger that fails', async () => {
    for (const point of ['store.write', 'ledger']) {
      await gateway.admin('POST', '/faults', { point, effect: 'error' });
      expectInferenceFault(await post(body), 'INTERNAL_ERROR@500');
    }
  });

  for (const [row, code] of [
    ['INFERENCE_ERROR@500', 'upstream_failed'],
    ['INFERENCE_ERROR@500', 'upstream_invalid_result'],
    ['INFERENCE_ERROR@500', 'outcome_unknown'],
    ['SERVICE_UNAVAILABLE@503', 'upstream_unavailable'],
    ['INFERENCE_TIMEOUT@504', 'upstream_timeout'],
    ['INFERENCE_RATE_LIMITED@429', 'upstream_rate_limited'],
  ] as const) {
    it(`with ${row} when the serving fails with ${code}, now or at the first word, for nothing`, async () => {
      const mine = await customer(gateway);
      for (const at of ['admit', 'run'])
        expectInferenceFault(await mine.call('POST', path, body, steered(`error=${code} at=${at}`)), row);
      const moves = await movesOf(gateway, mine.id);
      expect(moves.map((move) => move.split(' ')[0])).toEqual(['hold', 'release']);
    });
  }

  provokes('skytells', 'INFERENCE_ERROR@500', 'a serving that fails', async () => {
    expectInferenceFault(await post(body, steered('result=garbage')), 'INFERENCE_ERROR@500');
  });
  provokes('skytells', 'INFERENCE_TIMEOUT@504', 'a serving that takes too long', async () => {
    expectInferenceFault(await post(body, steered('error=upstream_timeout')), 'INFERENCE_TIMEOUT@504');
  });
  provokes('skytells', 'INFERENCE_RATE_LIMITED@429', 'a serving at its limit', async () => {
    const answer = await post(body, steered('error=upstream_rate_limited'));
    expectInferenceFault(answer, 'INFERENCE_RATE_LIMITED@429');
  });
  provokes('skytells', 'SERVICE_UNAVAILABLE@503', 'nothing to run the model', async () => {
    await gateway.admin('PATCH', `/models/skytells/${body.model}`, { routes: [] });
    expectInferenceFault(await post(body), 'SERVICE_UNAVAILABLE@503');
    await gateway.admin('DELETE', `/models/skytells/${body.model}`);
  });

  provokes('skytells', 'ENDPOINT_NOT_FOUND@405', 'another method', async () => {
    const answer = await call('GET', path);
    expectInferenceFault(answer, 'ENDPOINT_NOT_FOUND@405');
    expect(answer.headers.get('allow')).toBe('POST');
  });

  provokes('skytells', 'ENDPOINT_NOT_FOUND@404', 'a path below it', async () => {
    expectInferenceFault(await call('GET', `${path}/x`), 'ENDPOINT_NOT_FOUND@404');
  });
});

describe('a bad member', () => {
  it.each([
    ['/v1/chat/completions', { ...CHAT, messages: [] }, 'messages'],
    ['/v1/chat/completions', { ...CHAT, messages: [{ role: 'wizard', content: 'x' }] }, 'messages[0].role'],
    ['/v1/chat/completions', { ...CHAT, messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
    [
      '/v1/chat/completions',
      { ...CHAT, messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
      'messages[0].content[0]',
    ],
    [
      '/v1/chat/completions',
      { ...CHAT, messages: [{ role: 'tool', content: 'x' }] },
      'messages[0].tool_call_id',
    ],
    ['/v1/chat/completions', { ...CHAT, temperature: 2.1 }, 'temperature'],
    ['/v1/chat/completions', { ...CHAT, top_p: -0.1 }, 'top_p'],
    ['/v1/chat/completions', { ...CHAT, max_tokens: 0 }, 'max_tokens'],
    ['/v1/chat/completions', { ...CHAT, max_tokens: 9000 }, 'max_tokens'],
    ['/v1/chat/completions', { ...CHAT, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    ['/v1/chat/completions', { ...CHAT, n: 2 }, 'n'],
    ['/v1/chat/completions', { ...CHAT, stream: 1 }, 'stream'],
    ['/v1/chat/completions', { ...CHAT, tools: [{ type: 'magic' }] }, 'tools[0]'],
    ['/v1/chat/completions', { ...CHAT, tool_choice: 'maybe' }, 'tool_choice'],
    ['/v1/responses', { ...RESPONSE, input: [] }, 'input'],
    ['/v1/responses', { ...RESPONSE, input: [{ type: 'item_reference' }] }, 'input[0].type'],
    ['/v1/responses', { ...RESPONSE, instructions: 5 }, 'instructions'],
    ['/v1/embeddings', { ...VECTORS, input: '' }, 'input'],
    ['/v1/embeddings', { ...VECTORS, input: ['a', ''] }, 'input'],
    ['/v1/embeddings', { ...VECTORS, dimensions: 3073 }, 'dimensions'],
    ['/v1/embeddings', { ...VECTORS, encoding_format: 'hex' }, 'encoding_format'],
  ])('%s %j is refused by its name', async (path, body, param) => {
    expectInferenceFault(await call('POST', path, body), 'INVALID_PARAMETER@400', param);
  });

  it.each([
    [{ n: 2 }, 'n must be 1.'],
    [{ max_tokens: 8193 }, 'max_tokens must be an integer from 1 to 8192.'],
    [{ max_tokens: '5' }, 'max_tokens must be an integer from 1 to 8192.'],
  ])('%j is told what it may be', async (members, message) => {
    const { json } = await call('POST', '/v1/chat/completions', { ...CHAT, ...members });
    expect(json).toMatchObject({ error: { message } });
  });
});

describe('a stream', () => {
  it('that breaks off says so in place of [DONE], and charges what was told', async () => {
    const { id, call: mine } = await customer(gateway);
    const body = { ...CHAT, max_tokens: 100, stream: true };
    const lines = linesOf(await mine('POST', '/v1/chat/completions', body, steered('drop=after_accept')));
    expect(lines.at(-1)).toMatchObject({ error: { error_id: 'INFERENCE_ERROR', status: 500 } });
    expect(lines).not.toContain('[DONE]');
    const moves = await movesOf(gateway, id);
    expect(moves.map((move) => move.split(' ')[0])).toEqual(['hold', 'capture', 'release']);
  });
});

describe('an answer that is not streamed', () => {
  it.each([ROUTES[0], ROUTES[1]])('%s costs nothing where it breaks off', async (path, body) => {
    const { id, call: mine } = await customer(gateway);
    const long = 'messages' in body ? { max_tokens: 100 } : { max_output_tokens: 100 };
    const answer = await mine('POST', path, { ...body, ...long }, steered('drop=after_accept'));
    expectInferenceFault(answer, 'INFERENCE_ERROR@500');
    expect((await movesOf(gateway, id)).map((move) => move.split(' ')[0])).toEqual(['hold', 'release']);
  });
});

provokes(
  'skytells',
  'INFERENCE_ERROR@500',
  'paid work of which nobody knows, not to be repeated',
  async () => {
    const paid = await startPaidGateway(...ROUTES.map(([, { model }]) => `skytells/${model}`).slice(1));
    const mine = await customer(paid.gateway);
    for (const [path, body] of ROUTES) {
      const route = path === '/v1/embeddings' ? 'POST /v1/embeddings' : 'POST /v1/chat/completions';
      const before = paid.double.count(route);
      paid.double.script(route, 'drop');
      const answer = await mine.call('POST', path, body);
      expectInferenceFault(answer, 'INFERENCE_ERROR@500');
      expect(answer.headers.get('x-should-retry')).toBe('false');
      expect(paid.double.count(route) - before).toBe(1);
    }
    expect((await movesOf(paid.gateway, mine.id)).map((move) => move.split(' ')[0])).toEqual(
      ROUTES.flatMap(() => ['hold', 'release']),
    );
    await paid.close();
  },
);

describe('what was said', () => {
  it('is no prediction', async () => {
    const { json } = await call('POST', '/v1/chat/completions', CHAT);
    const id = String(json.id).replace('chatcmpl-', '');
    expect((await gateway.admin('GET', `/generations/${id}`)).body).toMatchObject({
      account_id: account,
      input: {},
    });
    expect((await call('POST', `/v1/predictions/${id}/cancel`)).status).toBe(502);
  });
});
