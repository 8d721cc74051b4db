import { embed, generateText, jsonSchema, NoSuchModelError, stepCountIs, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metadataIn, startTestShop, steer, type TestShop } from '../testing/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

const MODEL = 'genlock/text';
const asked: string[] = [];
const tools = {
  get_weather: tool({
    description: 'The weather in a city',
    inputSchema: jsonSchema<{ city: string }>({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    }),
    execute: async ({ city }) => {
      asked.push(city);
      return { sky: 'clear' };
    },
  }),
};
const WEATHER = 'How is the weather in Oslo?';

describe('generateText', () => {
  it('writes, and tells what it used, cost, and why it stopped', async () => {
    const { genlock, ledger } = await shop.open();
    const result = await generateText({
      model: genlock(MODEL),
      system: 'You are a sailor.',
      prompt: 'Tell me of the sea.',
      maxOutputTokens: 12,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      stopSequences: ['###'],
      seed: 5,
    });
    expect(result.text.split(' ').length).toBeGreaterThan(4);
    expect(result.finishReason).toBe('length');
    expect(result.usage).toMatchObject({ outputTokens: 12, inputTokens: expect.any(Number) });
    expect(result.response).toMatchObject({ modelId: MODEL, id: expect.stringMatching(/^gen_/) });
    expect(result.warnings).toEqual([]);
    const { chargedUsd } = metadataIn(result.providerMetadata);
    expect(await ledger()).toContain(`capture ${chargedUsd}`);
  });

  it('goes on with a conversation, and warns of what it cannot follow', async () => {
    const { genlock } = await shop.open();
    const { warnings, text } = await generateText({
      model: genlock.chat(MODEL),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hello' },
            { type: 'text', text: ' there.' },
          ],
        },
        { role: 'assistant', content: 'Hello.' },
        { role: 'user', content: 'Tell me of the sea.' },
      ],
      maxOutputTokens: 20,
      presencePenalty: 1,
      frequencyPenalty: 1,
    });
    expect(text).not.toBe('');
    expect(warnings?.map((one) => 'feature' in one && one.feature)).toEqual([
      'presencePenalty',
      'frequencyPenalty',
    ]);
    const picture = { type: 'file', data: new Uint8Array([137, 80]), mediaType: 'image/png' } as const;
    await expect(
      generateText({ model: genlock(MODEL), messages: [{ role: 'user', content: [picture] }] }),
    ).rejects.toThrow(/a file of type image\/png/);
  });

  it('calls tools and puts their answers into words', async () => {
    const { genlock, orders } = await shop.open();
    asked.length = 0;
    const result = await generateText({
      model: genlock(MODEL),
      prompt: WEATHER,
      tools,
      stopWhen: stepCountIs(3),
      maxOutputTokens: 60,
    });
    expect(result.steps[0]).toMatchObject({
      finishReason: 'tool-calls',
      toolCalls: [{ toolName: 'get_weather', input: { city: expect.any(String) } }],
      toolResults: [{ output: { sky: 'clear' } }],
    });
    expect(asked).toHaveLength(1);
    expect(result.text).not.toBe('');
    expect(result.steps).toHaveLength(2);
    expect(await orders()).toBe(2);
    const chosen = { toolChoice: { type: 'tool', toolName: 'get_weather' } } as const;
    const forced = await generateText({ model: genlock(MODEL), prompt: 'Hello.', tools, ...chosen });
    expect(forced.toolCalls).toHaveLength(1);
    const free = await generateText({ model: genlock(MODEL), prompt: WEATHER, tools, toolChoice: 'none' });
    expect(free.toolCalls).toEqual([]);
  });
});

describe('streamText', () => {
  it('tells the text piece by piece', async () => {
    const { genlock, ledger } = await shop.open();
    const result = streamText({
      model: genlock(MODEL),
      prompt: 'Tell me of the sea.',
      maxOutputTokens: 30,
      seed: 5,
    });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join('')).toBe(await result.text);
    expect(await result.finishReason).toBe('length');
    expect(await result.usage).toMatchObject({ outputTokens: 30 });
    const { chargedUsd } = metadataIn(await result.providerMetadata);
    expect(await ledger()).toContain(`capture ${chargedUsd}`);
  });

  it('calls tools', async () => {
    const { genlock } = await shop.open();
    const result = streamText({ model: genlock(MODEL), prompt: WEATHER, tools, stopWhen: stepCountIs(2) });
    const seen = new Set<string>();
    for await (const { type } of result.fullStream) seen.add(type);
    for (const type of ['tool-input-start', 'tool-call', 'tool-result', 'text-delta', 'finish'])
      expect(seen).toContain(type);
    expect((await result.steps)[0]?.finishReason).toBe('tool-calls');
  });

  it('is told of a break in the middle as an error that is not to be tried again', async () => {
    const { genlock, orders } = await shop.open();
    const errors: unknown[] = [];
    const result = streamText({
      model: genlock(MODEL),
      prompt: 'Tell me of the sea.',
      ...steer('drop=after_accept'),
      onError: ({ error }) => void errors.push(error),
    });
    await result.consumeStream();
    expect(errors).toEqual([
      expect.objectContaining({
        isRetryable: false,
        data: expect.objectContaining({ code: 'upstream_failed' }),
      }),
    ]);
    expect(await orders()).toBe(1);
  });

  it('stops writing, and the bill, with an abort', async () => {
    const { genlock, ledger } = await shop.open();
    const leave = new AbortController();
    const result = streamText({
      model: genlock(MODEL),
      prompt: 'Tell me of the sea. [[sandbox pace=30ms]]',
      maxOutputTokens: 4000,
      abortSignal: leave.signal,
    });
    let aborted = false;
    for await (const { type } of result.fullStream) {
      if (type === 'text-delta') leave.abort();
      aborted ||= type === 'abort';
    }
    expect(aborted).toBe(true);
    await expect
      .poll(async () => (await ledger()).map((line) => line.split(' ')[0]), { timeout: 20_000 })
      .toEqual(['hold', 'capture', 'release']);
  });

  it('cannot tell a text twice, and says so', async () => {
    const { genlock, orders } = await shop.open();
    const errors: unknown[] = [];
    const call = async () => {
      const result = streamText({
        model: genlock(MODEL),
        prompt: 'The sea?',
        maxOutputTokens: 9,
        providerOptions: { genlock: { idempotencyKey: 'tale' } },
        onError: ({ error }) => void errors.push(error),
      });
      await result.consumeStream();
    };
    await call();
    expect(errors).toEqual([]);
    await call();
    expect(errors).toMatchObject([{ isRetryable: false, message: expect.stringMatching(/is not kept/) }]);
    expect(await orders()).toBe(1);
  });
});

it('has no models of other kinds', async () => {
  const { genlock } = await shop.open();
  expect(() => genlock.embeddingModel('genlock/vectors')).toThrow(NoSuchModelError);
  await expect(async () => embed({ model: genlock.embeddingModel('x'), value: 'y' })).rejects.toThrow(
    NoSuchModelError,
  );
});
