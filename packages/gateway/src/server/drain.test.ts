import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as getimg from '../dialects/getimg/testing.ts';
import * as llmtune from '../dialects/llmtune/testing.ts';
import { type HttpDouble, startHttpDouble } from '../providers/upstream/testing/http-double.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

const CHAT = 'POST /chat/completions';
const LONG_MS = 60_000;

const chunk = (content: string, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason }] })}\n\n`;

describe('a chat under way when its process is told to stop', () => {
  let double: HttpDouble;
  let gateway: TestGateway;
  let goOn: () => void;
  beforeEach(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    goOn = resolve;
    double = await startHttpDouble(() => ({
      pieces: [chunk('Grey '), chunk('light'), promise, chunk('.', 'stop'), 'data: [DONE]\n\n'],
    }));
    const up = `{ type: openai-compatible, base_url: "${double.url}", api_key: sk-1 }`;
    gateway = await startTestGateway({
      config: `providers: { up: ${up} }\nmodels: { llmtune/${llmtune.M}: { routes: [up/m] } }`,
    });
  });
  afterEach(async () => {
    goOn();
    await gateway.close();
    await double.close();
  });

  /** A stream whose first words have arrived. */
  async function begun() {
    const { id, key, call } = await llmtune.customer(gateway);
    const response = await fetch(`${gateway.url}/llmtune${llmtune.CHAT}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...llmtune.question, max_tokens: 40, stream: true }),
    });
    const reader = (response.body ?? expect.fail('no body')).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const read = async (until: string): Promise<string> => {
      for (;;) {
        if (text.includes(until)) return text;
        const { done, value } = await reader.read();
        if (done) return text;
        text += value;
      }
    };
    await read('light');
    return { id, call, rest: () => read('nothing that ever comes') };
  }

  it('is told to its end, and meanwhile new work is refused in the words of its dialect', async () => {
    const { call, rest } = await begun();
    let over = false;
    const drained = gateway.drain(LONG_MS).then(() => {
      over = true;
    });
    const more = await call('POST', llmtune.CHAT, llmtune.question);
    llmtune.expectFault(more, 'service_unavailable@503');
    expect(over).toBe(false);
    goOn();
    expect(await rest()).toContain('data: [DONE]');
    await drained;
    expect(double.count(CHAT)).toBe(1);
  });

  it('is broken off when the process can stay no longer: told so, charged as far as it was read, and flagged', async () => {
    const { id, rest } = await begun();
    const patient = gateway.drain(LONG_MS);
    await gateway.drain(0);
    await patient;
    expect(await rest()).toContain('upstream_error');
    const moves = await llmtune.movesOf(gateway, id);
    expect(moves.map((move) => move.split(' ')[0])).toEqual(['hold', 'capture', 'release']);
    const { body } = await gateway.admin('GET', '/attempts?outcome=outcome_unknown');
    expect(body.data).toMatchObject([{ provider: 'up', outcome: 'outcome_unknown' }]);
    expect(double.count(CHAT)).toBe(1);
  });

  it('that is told whole costs nothing when it is broken off, and nobody is to send it again by himself', async () => {
    const { id, call } = await llmtune.customer(gateway);
    const waiting = call('POST', llmtune.CHAT, llmtune.question);
    await double.called(CHAT, 1);
    await gateway.drain(0);
    const { status, headers } = await waiting;
    expect([status, headers.get('x-should-retry')]).toEqual([502, 'false']);
    const moves = await llmtune.movesOf(gateway, id);
    expect(moves.map((move) => move.split(' ')[0])).toEqual(['hold', 'release']);
  });
});

it('an image that another process makes is waited for, and not canceled under its hands', async () => {
  const maker = await startTestGateway();
  const front = await startTestGateway({ dataDir: maker.dataDir, worker: false });
  try {
    const { call } = await getimg.customer(front);
    const running = getimg.nextRunning(maker);
    const waiting = call('POST', getimg.IMAGES, getimg.IMAGE, { 'genlock-sandbox': 'delay=400ms' });
    await running;
    await front.drain(LONG_MS);
    expect(await waiting).toMatchObject({ status: 200, json: { status: 'completed' } });
  } finally {
    await front.close();
    await maker.close();
  }
});

// If it were held open, it would be closed a minute later, long after the process must have ended.
it('is over although a connection is open on which nothing was ever asked', { timeout: 20_000 }, async () => {
  const gateway = await startTestGateway();
  const unused = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  await once(unused, 'connect');
  await Promise.all([gateway.close(0), once(unused, 'close')]);
});
