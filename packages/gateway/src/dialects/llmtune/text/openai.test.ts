import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPaidGateway } from '../../../providers/openai-compatible/testing/paid-gateway.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';

/* The stock OpenAI client from npm against the server: answers, streams, tools, and each class of error. */

const MODEL = 'meta-llama/Llama-3.3-70B-Instruct';
let gateway: TestGateway;
let client: OpenAI;
const clientFor = (apiKey: string, options: { path?: string; maxRetries?: number } = {}): OpenAI =>
  new OpenAI({
    apiKey,
    baseURL: `${gateway.url}/llmtune${options.path ?? '/v1'}`,
    maxRetries: options.maxRetries ?? 0,
  });
const newKey = async (credit_usd = '10', limits: object = { requests_per_minute: 10_000 }): Promise<string> =>
  (await gateway.customer({ dialect: 'llmtune', credit_usd, key: { limits } })).key.key;

beforeAll(async () => {
  gateway = await startTestGateway();
  client = clientFor(await newKey());
});
afterAll(() => gateway.close());

const ask = (content: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content }], seed: 7 });

describe('openai', () => {
  it('completes a chat', async () => {
    const completion = await client.chat.completions.create(ask('Tell me about the sea.'));
    expect(completion.choices[0]?.message.content).toMatch(/\w+ \w+/);
    const { prompt_tokens = 0, completion_tokens = 0, total_tokens } = completion.usage ?? {};
    expect(completion_tokens).toBeGreaterThan(0);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
  });

  it('streams the same text piece by piece, with usage at the end', async () => {
    const whole = await client.chat.completions.create(ask('Tell me about light.'));
    const stream = await client.chat.completions.create({
      ...ask('Tell me about light.'),
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    let finish: string | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(finish).toBe('stop');
    expect(usage).toEqual(whole.usage);
  });

  it('limits an answer by the name that the client has for it by now', async () => {
    const { usage } = await client.chat.completions.create({
      ...ask('The light?'),
      max_completion_tokens: 4,
    });
    expect(usage?.completion_tokens).toBe(4);
  });

  it('lists models', async () => {
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toContain(MODEL);
  });

  it('makes a round of tool calls on the coding endpoint', async () => {
    const coding = clientFor(await newKey(), { path: '/api/agent/v1' });
    const tools: OpenAI.ChatCompletionFunctionTool[] = [
      { type: 'function', function: { name: 'read_file', parameters: { path: 'string' } } },
    ];
    const question = { role: 'user' as const, content: 'Read src/index.ts and explain it.' };
    const first = await coding.chat.completions.create({ model: MODEL, messages: [question], tools });
    const message = first.choices[0]?.message;
    const [call] = message?.tool_calls ?? [];
    if (message === undefined || call?.type !== 'function') throw new Error('no tool call');
    expect(call.function.name).toBe('read_file');
    expect(JSON.parse(call.function.arguments)).toEqual({ path: 'src/index.ts' });
    const second = await coding.chat.completions.create({
      model: MODEL,
      messages: [question, message, { role: 'tool', tool_call_id: call.id, content: 'export {}' }],
      tools,
    });
    expect(second.choices[0]?.finish_reason).toBe('stop');
    expect(second.choices[0]?.message.content).toBeTruthy();
  });

  it.each([
    [400, OpenAI.BadRequestError, () => client.chat.completions.create({ ...ask('x'), temperature: 3 })],
    [401, OpenAI.AuthenticationError, () => clientFor('sk_live_nope').models.list()],
    [402, OpenAI.APIError, async () => clientFor(await newKey('0')).chat.completions.create(ask('x'))],
    [404, OpenAI.NotFoundError, () => client.chat.completions.create({ ...ask('x'), model: 'nope/none' })],
    [
      502,
      OpenAI.InternalServerError,
      () => client.chat.completions.create(ask('x [[sandbox result=garbage]]')),
    ],
    [
      503,
      OpenAI.InternalServerError,
      () => client.chat.completions.create(ask('x [[sandbox error=upstream_unavailable]]')),
    ],
  ])('raises its own class for %i', async (status, kind, call) => {
    const error = await call().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(kind);
    expect((error as InstanceType<typeof OpenAI.APIError>).status).toBe(status);
  });

  it('does not send again by itself what may have been done, and paid, already', async () => {
    const paid = await startPaidGateway(`llmtune/${MODEL}`);
    const { key } = await paid.gateway.customer({ dialect: 'llmtune' });
    const eager = new OpenAI({ apiKey: key.key, baseURL: `${paid.gateway.url}/llmtune/v1`, maxRetries: 2 });
    paid.double.script('POST /v1/chat/completions', 'drop', 'drop', 'drop');
    await expect(eager.chat.completions.create(ask('x'))).rejects.toThrow(OpenAI.InternalServerError);
    expect(paid.double.count('POST /v1/chat/completions')).toBe(1);
    await paid.close();
  });

  it('hands penalties on to a server that knows them', async () => {
    const paid = await startPaidGateway(`llmtune/${MODEL}`);
    const { key } = await paid.gateway.customer({ dialect: 'llmtune' });
    const penalising = new OpenAI({ apiKey: key.key, baseURL: `${paid.gateway.url}/llmtune/v1` });
    const penalties = { presence_penalty: 0.5, frequency_penalty: -1 };
    await penalising.chat.completions.create({ ...ask('x'), ...penalties });
    expect(paid.double.seen.at(-1)?.json).toMatchObject(penalties);
    await paid.close();
  });

  it('obeys Retry-After: a call over the limit passes by itself', async () => {
    const limited = clientFor(await newKey('10', { requests_per_minute: 60 }), { maxRetries: 2 });
    const models = await Promise.all(Array.from({ length: 62 }, () => limited.models.list()));
    expect(models).toHaveLength(62);
    expect(models.every(({ data }) => data.length > 0)).toBe(true);
  });

  it('meets an error in the middle of a stream as an error, not as an end', async () => {
    const stream = await client.chat.completions.create({
      ...ask('x [[sandbox drop=after_accept]]'),
      stream: true,
    });
    const read = async (): Promise<void> => {
      for await (const _chunk of stream);
    };
    await expect(read()).rejects.toThrow();
  });
});
