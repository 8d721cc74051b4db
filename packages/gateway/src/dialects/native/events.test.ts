import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { customer, ended, eventsOf, expectProblem, IMAGE, idOf, ledgerOf, started, TEXT } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(() => gateway.close());

const SLOW = { 'genlock-sandbox': 'delay=600s' };
const names = (text: string) => eventsOf(text).map(({ id, event }) => `${id} ${event}`);

describe('the events of a generation', () => {
  it('tell its life to the end, and the same again to who comes later', async () => {
    const { call } = await customer(gateway);
    const id = idOf(await call('POST', '/generations', IMAGE, { 'genlock-sandbox': 'delay=300ms' }));
    const live = await call('GET', `/generations/${id}/events`);
    expect(live.status).toBe(200);
    expect(live.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(names(live.text)).toEqual(['1 created', '2 started', '4 ended']);
    const [created, begun, end] = eventsOf(live.text);
    expect(created?.data).toEqual({ generation_id: id, status: 'queued', at: expect.any(String) });
    expect(begun?.data).toMatchObject({ status: 'running' });
    expect(end?.data).toEqual((await call('GET', `/generations/${id}`)).json);
    expect((await call('GET', `/generations/${id}/events`)).text).toBe(live.text);
  });

  it('go on behind the last one that was seen', async () => {
    const { call } = await customer(gateway);
    const id = idOf(await call('POST', '/generations', IMAGE));
    await ended(gateway, call, id);
    const after = (last: string) =>
      call('GET', `/generations/${id}/events`, undefined, { 'last-event-id': last });
    expect(names((await after('1')).text)).toEqual(['2 started', '4 ended']);
    expect(names((await after('3.50')).text)).toEqual(['4 ended']);
    expect(names((await after('nonsense')).text)).toEqual(['1 created', '2 started', '4 ended']);
    const nothing = await after('4');
    expect([nothing.status, nothing.text]).toEqual([204, '']);
  });

  it('tell progress as it is noted', async () => {
    const { call } = await customer(gateway);
    const id = idOf(await call('POST', '/generations', IMAGE, SLOW));
    await started(gateway, id);
    const stream = call('GET', `/generations/${id}/events`, undefined, { 'last-event-id': '2' });
    const worker = await leaseOf(id);
    const note = (percent: number) =>
      gateway.core.store.noteProgress({ generationId: id, worker }, { percent, metrics: { loss: 0.5 } });
    await note(40);
    await call('POST', `/generations/${id}/cancel`);
    const told = eventsOf((await stream).text);
    expect(told.at(-1)).toMatchObject({ id: '4', event: 'ended', data: { status: 'canceled' } });
    expect(told[0]).toMatchObject({
      id: '3.40',
      event: 'progress',
      data: { percent: 40, metrics: { loss: 0.5 } },
    });
  });

  it('end when the server does, so that the client comes back', async () => {
    const closing = await startTestGateway();
    const { call, key } = await customer(closing);
    const id = idOf(await call('POST', '/generations', IMAGE, SLOW));
    await started(closing, id);
    const stream = await fetch(`${closing.url}/v1/generations/${id}/events`, {
      headers: { authorization: `Bearer ${key.key}` },
    });
    const other = call('GET', `/generations/${id}`, undefined, { prefer: 'wait=60' });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of stream.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.includes('started')) await closing.drain(0);
    }
    expect(names(text)).toEqual(['1 created', '2 started']);
    expect((await other).json).toMatchObject({ status: 'running' });
    await closing.close(0);
  });

  /** The lease holder, which alone may note progress. */
  async function leaseOf(id: string): Promise<string> {
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(`${gateway.dataDir}/genlock.db`, { readOnly: true });
    const row = db.prepare('SELECT worker FROM generations WHERE id = ?').get(id);
    db.close();
    return String(row?.worker);
  }
});

interface ToolCall {
  readonly id: string;
  readonly arguments: string;
}

describe('streamed text', () => {
  const STREAM = { ...TEXT, stream: true };

  it('comes piece by piece, and is billed for what came', async () => {
    const { id: account, call } = await customer(gateway);
    const answer = await call('POST', '/generations', STREAM);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/event-stream/),
    ]);
    const told = eventsOf(answer.text);
    expect(told[0]).toMatchObject({ event: 'created', data: { status: 'running' } });
    const text = told.filter(({ event }) => event === 'delta').map(({ data }) => data.text);
    expect(text.length).toBeGreaterThan(5);
    const end = told.at(-1);
    expect(end).toMatchObject({ event: 'ended', data: { status: 'succeeded', output: { assets: [] } } });
    const { charged_usd } = (end?.data.cost ?? {}) as { charged_usd?: string };
    expect(await ledgerOf(gateway, account)).toContain(`capture ${charged_usd}`);
    expect(answer.headers.get('location')).toBe(`/v1/generations/${String(end?.data.id)}`);
    const read = (await call('GET', `/generations/${String(end?.data.id)}`)).json;
    expect(read).toMatchObject({ status: 'succeeded', kind: 'text' });
  });

  it('tells why it stopped, also in the middle of a sentence', async () => {
    const { call } = await customer(gateway);
    const reasonOf = async (input: object) => {
      const order = { ...TEXT, stream: true, input: { ...TEXT.input, ...input } };
      return eventsOf((await call('POST', '/generations', order)).text).at(-1)?.data.finish_reason;
    };
    expect(await reasonOf({ max_tokens: 3 })).toBe('length');
    expect(await reasonOf({ max_tokens: 400 })).toBe('stop');
  });

  it('calls tools, and goes on with what they answered', async () => {
    const { id: account, call } = await customer(gateway);
    const tools = [
      {
        name: 'get_weather',
        description: 'The weather in a city',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    ];
    const question = { role: 'user', content: 'How is the weather in Oslo?' };
    const order = (input: object) => ({
      model: TEXT.model,
      stream: true,
      input: { max_tokens: 40, tools, ...input },
    });
    const asked = eventsOf((await call('POST', '/generations', order({ messages: [question] }))).text);
    const calls = asked.find(({ event }) => event === 'tool_calls')?.data.calls as ToolCall[];
    expect(calls).toEqual([{ id: expect.any(String), name: 'get_weather', arguments: expect.any(String) }]);
    expect(JSON.parse(calls[0]?.arguments ?? '')).toHaveProperty('city');
    expect(asked.at(-1)).toMatchObject({ event: 'ended', data: { finish_reason: 'tool_calls' } });
    expect((await ledgerOf(gateway, account)).some((line) => line.startsWith('capture'))).toBe(true);

    const messages = [
      question,
      { role: 'assistant', content: '', tool_calls: calls },
      { role: 'tool', content: '{"sky":"clear"}', tool_call_id: calls[0]?.id },
    ];
    const answered = eventsOf((await call('POST', '/generations', order({ messages }))).text);
    expect(answered.filter(({ event }) => event === 'delta').length).toBeGreaterThan(0);
    const none = eventsOf(
      (await call('POST', '/generations', order({ messages: [question], tool_choice: 'none' }))).text,
    );
    expect(none.map(({ event }) => event)).not.toContain('tool_calls');
  });

  it('that fails before its first piece is an ordinary problem, and costs nothing', async () => {
    const { id: account, call } = await customer(gateway);
    const steered = { 'genlock-sandbox': 'error=upstream_failed' };
    expectProblem(await call('POST', '/generations', STREAM, steered), 'upstream_failed@502');
    expect((await ledgerOf(gateway, account)).map((line) => line.split(' ')[0])).toEqual([
      'top_up',
      'hold',
      'release',
    ]);
  });

  it('that breaks off ends with a problem, and is billed for what came', async () => {
    const { id: account, call } = await customer(gateway);
    const answer = await call('POST', '/generations', STREAM, { 'genlock-sandbox': 'drop=after_accept' });
    const told = eventsOf(answer.text);
    expect(told.at(-1)).toMatchObject({ event: 'problem', data: { code: 'upstream_failed', status: 502 } });
    expect(told.filter(({ event }) => event === 'delta').length).toBeGreaterThan(0);
    expect((await ledgerOf(gateway, account)).map((line) => line.split(' ')[0])).toEqual([
      'top_up',
      'hold',
      'capture',
      'release',
    ]);
  });

  it('is not told twice: the key then gives the generation', async () => {
    const { id: account, call } = await customer(gateway);
    const headers = { 'idempotency-key': '"s"' };
    const first = eventsOf((await call('POST', '/generations', STREAM, headers)).text);
    const second = await call('POST', '/generations', STREAM, headers);
    expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect(second.json.id).toBe(first[0]?.data.id);
    expect((await ledgerOf(gateway, account)).filter((line) => line.startsWith('hold'))).toHaveLength(1);
  });
});
