import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all } from '../../testing/all.ts';
import { type BadServer, type Behaviour, refuse, startBadServer } from '../../testing/bad-server.ts';
import { createClient, createKiaraClient, createLLMTuneClient, createSkillsVideoClient } from '../index.ts';

let server: BadServer;
beforeAll(async () => {
  server = await startBadServer();
});
afterAll(() => server.close());

const at = () => ({ baseUrl: server.url, apiKey: 'k' });
const order = { model: 'm', messages: [] };
const events =
  (...data: readonly object[]): Behaviour =>
  (response, pay) => {
    pay();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(data.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(''));
  };

describe('a stream of a chat', () => {
  const chat = () => createLLMTuneClient(at()).chat.stream(order);

  it('throws an error in the middle also where nobody knows it', async () => {
    server.next(events({ choices: [] }, { error: 'The GPU caught fire' }));
    await expect(all(chat())).rejects.toMatchObject({
      code: 'upstream_failed',
      message: 'The GPU caught fire',
      mayHaveBeenCharged: true,
    });
  });

  it('that came whole is one piece, and an error in its place is thrown', async () => {
    server.next(
      refuse(200, { id: 'c', choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'stop' }] }),
    );
    expect(await all(chat())).toEqual([
      { id: 'c', choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }] },
    ]);
    server.next(refuse(200, { error: 'invalid_request', message: 'm' }));
    await expect(all(chat())).rejects.toMatchObject({ code: 'invalid_parameter', message: 'm' });
  });
});

describe('a stream of text', () => {
  it('that breaks off is told with its key and its generation', async () => {
    server.next((response, pay) => {
      pay();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const text = 'event: created\ndata: {"id":"gen_1"}\n\nevent: delta\ndata: {"text":"a"}\n\n';
      response.write(text, () => response.destroy());
    });
    const { generations } = createClient(at());
    const broken = { code: 'outcome_unknown', idempotencyKey: 'mine', generationId: 'gen_1' };
    const input = { model: 'genlock/text', input: { prompt: 'x' } } as const;
    await expect(all(generations.streamText(input, { idempotencyKey: 'mine' }))).rejects.toMatchObject(
      broken,
    );
    server.next(events({ code: 'upstream_failed', title: 't' }));
    const sent = all(generations.streamText(input));
    await expect(sent).rejects.toMatchObject({ code: 'upstream_failed' });
    await expect(sent).rejects.toHaveProperty('idempotencyKey', server.arrivals[0]?.key);
  });
});

describe('a stream of a task', () => {
  const stream = () => createSkillsVideoClient(at()).generations.stream('google/veo-3.1', { prompt: 'x' });
  const done = { id: 'gen_1', status: 'COMPLETED', data: null };

  it('keeps the name of its task, and asks for its end', async () => {
    server.next(
      events({ id: 'gen_1', status: 'IN_QUEUE' }, { status: 'IN_PROGRESS' }, { message: 'ping' }),
      refuse(200, done),
    );
    expect((await all(stream())).map(({ status }) => status)).toEqual([
      'IN_QUEUE',
      'IN_PROGRESS',
      'COMPLETED',
    ]);
  });

  it('throws an error that comes in place of a task', async () => {
    server.next(events({ code: 'VIDEO_GENERATION_RATE_LIMITED', message: 'm' }));
    await expect(all(stream())).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('follows the task that an answer without a stream names', async () => {
    server.next(refuse(200, { id: 'gen_1', status: 'IN_QUEUE' }), refuse(200, done));
    expect((await all(stream())).map(({ status }) => status)).toEqual(['IN_QUEUE', 'COMPLETED']);
  });
});

describe('an answer to a typed call', () => {
  const silent: Behaviour = (response, pay) => {
    pay();
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":');
  };

  it('that falls silent ends at the deadline', async () => {
    const options = { ...at(), deadlineMs: 100 };
    server.next(silent);
    await expect(createKiaraClient(options).balance()).rejects.toMatchObject({
      code: 'upstream_unavailable',
    });
    server.next(silent);
    await expect(createKiaraClient(options).generations.create({} as never)).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
  });

  it('that nobody can read is told with the key that was sent', async () => {
    server.next(refuse(200, '<html>hello</html>'));
    const sent = createKiaraClient(at()).generations.create({} as never);
    await expect(sent).rejects.toMatchObject({ code: 'outcome_unknown', mayHaveBeenCharged: true });
    expect(server.arrivals[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    await expect(sent).rejects.toHaveProperty('idempotencyKey', server.arrivals[0]?.key);
  });

  it('has one header of each name, the caller’s own last', async () => {
    let seen: unknown;
    server.next((response, pay, request) => {
      seen = [request.headers.authorization, request.headers['idempotency-key'], request.headers['x-own']];
      refuse(200, { id: 'gen_1', status: 'queued' })(response, pay, request);
    });
    const headers = { Authorization: 'Bearer x', 'Idempotency-Key': 'mine', 'X-Own': '2' };
    const client = createKiaraClient({ ...at(), headers: { 'x-own': '1' } });
    await client.generations.create({} as never, { headers, idempotencyKey: 'opt' });
    expect(seen).toEqual(['Bearer x', 'opt', '2']);
  });

  it('to a list that leads back ends the list', async () => {
    server.next(...Array<Behaviour>(9).fill(refuse(200, { data: [{ id: 'gen_1' }], next_cursor: 'c' })));
    await expect(all(createKiaraClient(at()).generations.list())).rejects.toMatchObject({
      code: 'upstream_invalid_result',
    });
    expect(server.arrivals).toHaveLength(2);
  });

  it('is held for whole seconds', async () => {
    const { generations } = createClient(at());
    const input = { model: 'm', input: {} };
    server.next();
    for (const waitSeconds of [1.5, Number.NaN, -1])
      await expect(generations.create(input, { waitSeconds })).rejects.toBeInstanceOf(TypeError);
    expect(server.arrivals).toHaveLength(0);
  });
});
