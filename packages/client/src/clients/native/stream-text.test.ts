import { describe, expect, it } from 'vitest';
import { startCuttingProxy } from '../../../testing/cutting-proxy.ts';
import { besideGateway, SEA, steer } from '../../../testing/native-customer.ts';
import { type Client, createClient, type Generation } from '../../index.ts';

const { customer, gateway } = besideGateway();

describe('text while it is written', () => {
  const textOf = async (client: Client, options?: Parameters<Client['generations']['streamText']>[1]) => {
    let text = '';
    let last: Generation | undefined;
    for await (const event of client.generations.streamText(SEA, options)) {
      if (event.type === 'delta') text += event.text;
      else if (event.type !== 'tool_calls') last = event.generation;
    }
    return { text, last };
  };

  it('comes in pieces, and once for a key', async () => {
    const client = await customer();
    const first = await textOf(client, { idempotencyKey: 'tale' });
    expect(first.text).toMatch(/\w+ \w+/);
    expect(first.last).toMatchObject({ status: 'succeeded', usage: { output_tokens: expect.any(Number) } });
    expect(await textOf(client, { idempotencyKey: 'tale' })).toMatchObject({
      text: '',
      last: { id: first.last?.id },
    });
  });

  it('may be calls of tools, and says why it stopped', async () => {
    const client = await customer();
    const tools = [{ name: 'get_weather', parameters: { type: 'object', properties: { city: {} } } }];
    const asking = { ...SEA, input: { prompt: 'How is the weather in Oslo?', tools } };
    const told = [];
    for await (const event of client.generations.streamText(asking)) told.push(event);
    expect(told).toContainEqual({
      type: 'tool_calls',
      calls: [{ id: expect.any(String), name: 'get_weather', arguments: expect.any(String) }],
    });
    expect(told.at(-1)).toMatchObject({ type: 'ended', finishReason: 'tool_calls' });
    expect(told.at(-1)).not.toHaveProperty('generation.finish_reason');
  });

  it('is an error before the first piece', async () => {
    const client = await customer();
    await expect(textOf(client, steer('error=content_rejected at=admit'))).rejects.toMatchObject({
      code: 'content_rejected',
      status: 422,
    });
  });

  it('that breaks off is nothing to be ordered again blindly', async () => {
    const proxy = await startCuttingProxy(gateway().url);
    try {
      const { key } = await gateway().customer({ dialect: 'native' });
      const client = createClient({ baseUrl: `${proxy.url}/v1`, apiKey: key.key });
      proxy.cutAfter(/event: delta\n/);
      await expect(textOf(client)).rejects.toMatchObject({
        code: 'outcome_unknown',
        mayHaveBeenCharged: true,
        generationId: expect.stringMatching(/^gen_/),
      });
    } finally {
      await proxy.close();
    }
  });
});
