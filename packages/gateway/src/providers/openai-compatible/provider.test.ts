import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../../domain/request.ts';
import { listen } from '../../testing/listen.ts';
import type { Provider, ProviderCall } from '../port.ts';
import { type HttpDouble, startHttpDouble } from '../upstream/testing/http-double.ts';
import { createOpenAiCompatible } from './provider.ts';
import { chats } from './testing/replies.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const tools = { folder: '.', fetchPublic: () => Promise.reject(new Error('no network in this test')) };

function open(url: string): Provider {
  const provider = createOpenAiCompatible('up', { base_url: `${url}/v1` }, tools);
  cleanups.push(() => provider.close?.());
  return provider;
}

async function answering(
  body: object | string,
  headers = {},
): Promise<{ double: HttpDouble; provider: Provider }> {
  const double = await startHttpDouble(() => ({ headers, body }));
  cleanups.push(() => double.close());
  return { double, provider: open(double.url) };
}

function callFor(request: GenerationRequest, signal = new AbortController().signal): ProviderCall {
  return {
    idempotencyKey: 'gen_1',
    attempt: 1,
    model: 'm',
    mode: 'live',
    traceparent: '00-aa-bb-01',
    request,
    fetchSource: async () => Buffer.from('source'),
    readArtifact: () => Promise.reject(new Error('no artifacts')),
    tell: () => {},
    signal,
  };
}

const image = { kind: 'image', prompt: 'a mug', count: 1, format: 'png', seed: 1 } as const;
const text = {
  kind: 'text',
  messages: [{ role: 'user', content: 'Hi' }],
  maxTokens: 9,
  temperature: 1,
  seed: 1,
} as const;

describe('a picture', () => {
  it('comes as base64, also written as a link, and with what it cost', async () => {
    const data = [
      { b64_json: Buffer.from('one').toString('base64') },
      { b64_json: 'data:image/png;base64,dHdv' },
    ];
    const { double, provider } = await answering({ created: 1, data }, { 'x-litellm-response-cost': '0.04' });
    const reply = await provider.submit(callFor(image));
    if (reply.state !== 'finished') throw new Error(reply.state);
    expect(reply.outputs.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['one', 'two']);
    expect(reply.cost).toBe(40_000);
    expect(double.seen[0]?.headers.traceparent).toBe('00-aa-bb-01');
    expect(double.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('that was withheld is a refusal that was paid for', async () => {
    const { provider } = await answering({ data: [{ url: null, respect_moderation: false }] });
    await expect(provider.submit(callFor(image))).rejects.toMatchObject({
      code: 'content_rejected',
      detail: { accepted: 'yes' },
    });
  });
});

it('an error with the status of a success is an error', async () => {
  const error = { code: 'rate_limit_exceeded', message: 'Slow down.' };
  const { provider } = await answering({ error });
  const speech = { kind: 'speech', text: 'Hi', format: 'mp3', seed: 1 } as const;
  for (const request of [image, speech])
    await expect(provider.submit(callFor(request))).rejects.toMatchObject({
      code: 'upstream_rate_limited',
      detail: { accepted: 'no' },
    });
});

it('a text of a router comes with what it cost', async () => {
  const { provider } = await answering(chats.router, { 'content-type': 'text/event-stream' });
  expect(await provider.submit(callFor(text))).toMatchObject({
    state: 'finished',
    usage: { inputTokens: 9, outputTokens: 3 },
    cost: 420,
  });
});

it('what it cannot be asked for is the operator’s mistake, and is not asked', async () => {
  const { double, provider } = await answering({});
  const sources = [
    { role: 'first_frame', url: 'https://a.test/1.png' },
    { role: 'last_frame', url: 'https://a.test/2.png' },
  ] as const;
  const size = { width: 64, height: 64, seconds: 1, sound: false, seed: 1, prompt: 'sea' };
  await expect(provider.submit(callFor({ kind: 'video', ...size, sources }))).rejects.toMatchObject({
    code: 'model_misconfigured',
  });
  expect(double.seen).toEqual([]);
});

it('vectors that are not of the size that was asked for are no result', async () => {
  const { provider } = await answering({ data: [{ index: 0, embedding: [1, 2, 3] }] });
  await expect(provider.submit(callFor({ ...text, embed: { dimensions: 2 } }))).rejects.toMatchObject({
    code: 'upstream_invalid_result',
    detail: { accepted: 'yes' },
  });
});

it('a chat ends upstream when its caller has left', async () => {
  const closed = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.on('close', closed.resolve);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"choices":[{"delta":{"content":"Half"}}]}\n\n');
  });
  cleanups.push(() => server.close());
  const provider = open(await listen(server));
  const leaving = new AbortController();
  const events = provider.stream?.(callFor(text, leaving.signal));
  if (events === undefined) throw new Error('no stream');
  await expect(
    (async () => {
      for await (const { type } of events) if (type === 'delta') leaving.abort('left');
    })(),
  ).rejects.toMatchObject({ detail: { accepted: 'maybe' } });
  await closed.promise;
});

it('a batch of which nothing came and something was lost is lost as a whole', async () => {
  const double = await startHttpDouble(() => 'drop');
  cleanups.push(() => double.close());
  const sampling = { maxTokens: 9, temperature: 1 };
  const items = ['a', 'b'].map((id) => ({ id, prompt: id, ...sampling }));
  await expect(open(double.url).submit(callFor({ kind: 'batch', items, seed: 1 }))).rejects.toMatchObject({
    detail: { accepted: 'maybe' },
  });
  expect(double.seen).toHaveLength(2);
});

describe('a batch that is stopped in the middle', () => {
  /** Stopped once this many calls were sent, of which the one for `a` is answered. */
  async function stopped(ids: string, calls: number) {
    const ended = { choices: [{ message: { content: 'Yes.' }, finish_reason: 'stop' }] };
    const double = await startHttpDouble(({ json }) =>
      json.messages[0].content === 'a' ? { body: ended } : 'hang',
    );
    cleanups.push(() => double.close());
    const items = [...ids].map((id) => ({ id, prompt: id, maxTokens: 9, temperature: 1 }));
    const stop = new AbortController();
    const reply = open(double.url).submit(callFor({ kind: 'batch', items, seed: 1 }, stop.signal));
    await double.called('POST /v1/chat/completions', calls);
    stop.abort('deadline');
    return reply;
  }

  it('brings what was bought, and counts what was under way', async () => {
    const reply = await stopped('abcdefg', 5);
    if (reply.state !== 'finished') throw new Error(reply.state);
    expect(reply.lostCalls).toBe(4);
    const { items } = JSON.parse(Buffer.from(reply.outputs[0]?.bytes ?? []).toString());
    expect(items).toMatchObject([{ id: 'a', text: 'Yes.' }, ...Array(6).fill({ error: expect.any(String) })]);
  });

  it('is lost as a whole where nothing was bought', async () => {
    await expect(stopped('bcdefg', 4)).rejects.toMatchObject({ detail: { accepted: 'maybe', lostCalls: 4 } });
  });
});
