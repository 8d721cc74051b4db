import { afterEach, describe, expect, it } from 'vitest';
import type { Log } from '../telemetry/log.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../testing/gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.close(0));

/** Other programs may keep the machine busy. */
const PATIENCE = { timeout: 20_000 };

const start = async (options: TestGatewayOptions): Promise<void> => {
  gateway = await startTestGateway(options);
};

const capture = () => {
  const lines: (Record<string, unknown> & { readonly level: string; readonly event: string })[] = [];
  const at = (level: string) => (fields: object, event: string) =>
    void lines.push({ ...fields, event, level });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { lines, log };
};

describe('the line that a call is logged in', () => {
  it('says who called what and how it went, and nothing of what was written', async () => {
    const { lines, log } = capture();
    await start({ log });
    const { id, key } = await gateway.customer();
    const send = (path: string, init: RequestInit = {}) =>
      fetch(gateway.url + path, {
        ...init,
        headers: {
          authorization: `Bearer ${key.key}`,
          'content-type': 'application/json',
          'x-request-id': 'edge-1',
          'idempotency-key': 'idem-1',
        },
      });
    const response = await send('/kiara/v1/generations?q=private', {
      method: 'POST',
      body: JSON.stringify({ product_id: 'kiara-vogue', prompt: 'private words' }),
    });
    await response.text();
    const request = response.headers.get('x-request-id');
    await expect
      .poll(() => lines.filter((line) => line.event === 'request' && line.request === request), PATIENCE)
      .toMatchObject([
        {
          level: 'info',
          method: 'POST',
          route: 'POST /kiara/v1/generations',
          dialect: 'kiara',
          status: response.status,
          account: id,
          key: key.id,
          client_request: 'edge-1',
        },
      ]);
    expect(JSON.stringify(lines)).not.toContain('private');
    expect(JSON.stringify(lines)).not.toContain(key.key);
  });

  it.each(['x'.repeat(65), 'a b', '"', 'é'])('leaves out an id that a caller made of %j', async (id) => {
    const { lines, log } = capture();
    await start({ log });
    await fetch(`${gateway.url}/healthz`, { headers: { 'x-request-id': id } });
    await expect.poll(() => lines.filter(({ event }) => event === 'request'), PATIENCE).toHaveLength(1);
    expect(lines.find(({ event }) => event === 'request')?.client_request).toBeUndefined();
  });

  it('is no error where a gateway that stops takes on nothing', async () => {
    const { lines, log } = capture();
    await start({ log });
    const { key } = await gateway.customer();
    await gateway.drain();
    const refused = await fetch(`${gateway.url}/v1/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'genlock/image', input: { prompt: 'a red mug', size: '256x256' } }),
    });
    expect(refused.status).toBe(503);
    await expect.poll(() => lines.filter(({ event }) => event === 'request').at(-1), PATIENCE).toBeDefined();
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is told of what went wrong here, and in silence of reads and refusals', async () => {
    const { lines, log } = capture();
    await start({ log });
    const { key } = await gateway.customer();
    const headers = { authorization: `Bearer ${key.key}` };
    await gateway.admin('POST', '/faults', { point: 'store.list', effect: 'error' });
    for (const path of ['/generations', '/generations', '/generations/x'])
      await (await fetch(`${gateway.url}/kiara/v1${path}`, { headers })).text();
    const told = () =>
      lines
        .filter(({ event, dialect }) => event === 'request' && dialect === 'kiara')
        .map(({ level, status }) => [level, status]);
    await expect.poll(told, PATIENCE).toEqual([
      ['warn', 503],
      ['debug', 200],
      ['debug', 404],
    ]);
  });
});

describe('the lines of a generation', () => {
  const order = async (dialect: string, path: string, body: object, more: Record<string, string> = {}) => {
    const { key } = await gateway.customer({ dialect });
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json', ...more },
      body: JSON.stringify(body),
    });
    await response.text();
    return response.headers.get('x-request-id');
  };

  it('lead from the call that ordered it to its end', async () => {
    const { lines, log } = capture();
    await start({ log });
    const request = await order('native', '/v1/generations', {
      model: 'genlock/image',
      input: { prompt: 'private words', size: '256x256' },
    });
    const of = (event: string) => lines.find((line) => line.event === event && line.generation !== undefined);
    await expect
      .poll(() => of('generation ended'), PATIENCE)
      .toMatchObject({ level: 'info', status: 'succeeded' });
    await expect
      .poll(() => of('request'), PATIENCE)
      .toMatchObject({
        request,
        generation: of('generation ended')?.generation,
      });
    expect(JSON.stringify(lines)).not.toContain('private');
  });

  it('are found by every call about it', async () => {
    const { lines, log } = capture();
    await start({ log });
    const { key } = await gateway.customer();
    const headers = { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ prompt: 'a red mug' });
    const ordered = await fetch(`${gateway.url}/kiara/v1/generations`, { method: 'POST', headers, body });
    const { id } = (await ordered.json()) as { id: string };
    await (await fetch(`${gateway.url}/kiara/v1/generations/${id}`, { headers })).text();
    const about = () =>
      lines.filter((line) => line.event === 'request' && line.generation === id).map(({ route }) => route);
    await expect
      .poll(about, PATIENCE)
      .toEqual(['POST /kiara/v1/generations', 'GET /kiara/v1/generations/:id']);
  });

  it('of a call that was answered as it ran have the id that its caller was told', async () => {
    const { lines, log } = capture();
    await start({ log });
    const steering = { 'genlock-sandbox': 'error=upstream_failed' };
    const [model] = gateway.core.models.list('llmtune').filter(({ kind }) => kind === 'text');
    const chat = { model: model?.id, messages: [{ role: 'user', content: 'Tell me of the sea.' }] };
    const request = await order('llmtune', '/llmtune/v1/chat/completions', chat, steering);
    await expect
      .poll(() => lines.filter(({ event }) => event === 'request').at(-1)?.request, PATIENCE)
      .toBe(request);
    const generation = lines.find(({ event }) => event === 'inline call failed')?.generation;
    expect(generation).toBeDefined();
    for (const event of ['inline call failed', 'request failed', 'request'])
      expect(
        lines.findLast((line) => line.event === event),
        event,
      ).toMatchObject({ request, generation });
  });
});
