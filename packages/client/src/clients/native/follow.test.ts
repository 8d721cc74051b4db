import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { all } from '../../../testing/all.ts';
import { type BadServer, refuse, startBadServer } from '../../../testing/bad-server.ts';
import { startCuttingProxy } from '../../../testing/cutting-proxy.ts';
import { BOAT, besideGateway, MUG, steer } from '../../../testing/native-customer.ts';
import { createClient } from '../../index.ts';

const { customer, gateway } = besideGateway();

describe('the events of a generation', () => {
  it('come each once, also over connections that break', async () => {
    const proxy = await startCuttingProxy(gateway().url);
    try {
      const client = await customer();
      const far = await customer({ baseUrl: `${proxy.url}/v1` });
      const { id } = await far.generations.create(BOAT, steer('delay=400ms'));
      // Cut in the middle of one event, and after another.
      proxy.cutAfter(/event: crea/, /event: created\ndata: [^\n]*\n\n/, /event: started\n/);
      const told: string[] = [];
      for await (const event of far.generations.stream(id)) {
        told.push(event.type === 'progress' ? event.id : event.type);
        if (event.type === 'ended') expect(event.data.status).toBe('succeeded');
      }
      expect(told.filter((name) => !name.startsWith('3.'))).toEqual(['created', 'started', 'ended']);
      expect(new Set(told).size).toBe(told.length);
      expect(proxy.connections).toBeGreaterThan(3);
      await expect(client.generations.stream(id).next()).rejects.toMatchObject({ code: 'not_found' });
    } finally {
      await proxy.close();
    }
  });

  it('go on behind what was seen, and are over for who has seen the end', async () => {
    const client = await customer();
    const { id } = await client.generations.run(MUG);
    const everything = await all(client.generations.stream(id));
    const rest = await all(client.generations.stream(id, { lastEventId: '1' }));
    expect(rest).toEqual(everything.slice(1));
    expect(await all(client.generations.stream(id, { lastEventId: '4' }))).toEqual([]);
  });

  it('end with the signal', async () => {
    const client = await customer();
    const { id } = await client.generations.create(BOAT, steer('delay=600s'));
    const controller = new AbortController();
    const events = client.generations.stream(id, { signal: controller.signal });
    expect((await events.next()).value).toMatchObject({ type: 'created' });
    controller.abort(new Error('enough'));
    await expect(all(events)).rejects.toThrow('enough');
    await client.generations.cancel(id);
  });
});

describe('events of a server that breaks off again and again', () => {
  const stream = (events: string) => (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`: ping\n\n${events}`, () => response.destroy());
  };
  const event = (id: string, name: string) => `id: ${id}\nevent: ${name}\ndata: {"percent":1}\n\n`;
  let server: BadServer;
  beforeAll(async () => {
    server = await startBadServer();
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await server.close();
  });
  const follow = () => all(createClient({ baseUrl: server.url, apiKey: 'k' }).generations.stream('x'));

  it('are given up after a while', async () => {
    server.next(...Array.from({ length: 99 }, () => stream('')));
    await expect(follow()).rejects.toMatchObject({ code: 'upstream_unavailable', dialect: 'native' });
    expect(server.arrivals.length).toBe(8);
    server.next(stream(''), refuse(404, { code: 'not_found', title: 't' }));
    await expect(follow()).rejects.toMatchObject({ code: 'not_found' });
    server.next(refuse(503, 'down', { 'retry-after': '3600' }));
    await expect(follow()).rejects.toMatchObject({ code: 'upstream_unavailable', status: 503 });
  });

  it('are told once, even where what was seen gets lost on the way, and what is new is left out', async () => {
    server.next(
      stream(event('1', 'created')),
      stream(event('1', 'created') + event('2', 'napping') + event('3.5', 'progress')),
      refuse(503, 'down', { 'retry-after': '0' }),
      stream(event('1', 'created') + event('3.5', 'progress') + event('4', 'ended')),
    );
    expect((await follow()).map(({ id }) => id)).toEqual(['1', '3.5', '4']);
  });
});
