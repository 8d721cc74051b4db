import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Customer,
  customer,
  eventsIn,
  expectFailed,
  IMAGE,
  idOf,
  P,
  PIXEL,
  SHORT,
  SMALL_FILM,
  stream,
} from './testing.ts';

let gateway: TestGateway;
let ann: Customer;
const ZERO = { total: 0, subscription: 0, permanent: 0 };

beforeAll(async () => {
  gateway = await startTestGateway();
  ann = await customer(gateway);
});
afterAll(() => gateway.close());

describe('the stream of a task', () => {
  it('tells each state once, without an end marker, and closes with the terminal one', async () => {
    const answer = await ann.call('POST', stream(IMAGE), P, { accept: 'text/event-stream' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    const events = eventsIn(answer.text);
    expect(events.map(({ status }) => status)).toEqual(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']);
    const id = events[0]?.id;
    for (const event of events.slice(0, -1))
      expect(event).toEqual({ id, status: event.status, data: null, usage: ZERO });
    const { input: _, ...task } = (await ann.call('GET', `/api/v1/generation/${id}`)).json;
    expect(events.at(-1)).toEqual(task);
    expect(task.usage).toEqual({ total: 4, subscription: 0, permanent: 4 });
  });

  it('ends with the failure that a read tells', async () => {
    const answer = await ann.call('POST', stream(SMALL_FILM), SHORT, {
      'genlock-sandbox': 'error=upstream_failed',
    });
    const events = eventsIn(answer.text);
    expect(events.map(({ status }) => status)).toEqual(['IN_QUEUE', 'IN_PROGRESS', 'FAILED']);
    const last = events.at(-1) ?? {};
    expectFailed(last, 'VIDEO_GENERATION_FAILED@job');
    const { input: _, ...task } = (await ann.call('GET', `/api/v1/generation/${last.id}`)).json;
    expect(last).toEqual(task);
  });

  it('takes multipart too', async () => {
    const form = new FormData();
    form.append('prompt', 'a picture');
    form.append('image_urls', new Blob([PIXEL]), 'a.png');
    const answer = await ann.call('POST', stream(IMAGE), form);
    expect(eventsIn(answer.text).at(-1)?.status).toBe('COMPLETED');
  });

  it('names the task at once, and the task goes on when the client has left', async () => {
    const leave = new AbortController();
    const response = await fetch(`${gateway.url}/skills-video${stream(IMAGE)}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ann.key.key}`,
        'content-type': 'application/json',
        'genlock-sandbox': 'delay=1s',
      },
      body: JSON.stringify(P),
      signal: leave.signal,
    });
    const { value } = (await response.body?.getReader().read()) ?? {};
    const [first] = eventsIn(new TextDecoder().decode(value));
    leave.abort();
    const id = String(first?.id);
    await waitForEnd(gateway.core, id, 45_000);
    expect((await ann.call('GET', `/api/v1/generation/${id}`)).json.status).toBe('COMPLETED');
  });

  it('tells a cancellation, and closes', async () => {
    const streaming = ann.call('POST', stream(IMAGE), P, { 'genlock-sandbox': 'delay=600s' });
    const { promise: id, resolve } = Promise.withResolvers<string>();
    const look = async () => {
      const filter = { accountId: ann.id, dialect: 'skills-video', mode: 'live', status: 'running' } as const;
      const [one] = (await gateway.core.store.generations(filter, 1)).data;
      if (one !== undefined) resolve(one.id);
    };
    const unsubscribe = gateway.core.store.subscribe(() => void look());
    await look();
    await gateway.admin('POST', `/generations/${await id}/cancel`);
    unsubscribe();
    const last = eventsIn((await streaming).text).at(-1);
    expect(last).toEqual({ id: await id, status: 'CANCELED', data: null, usage: ZERO });
  });

  it('is ordinary JSON as long as nothing was accepted', async () => {
    const answer = await ann.call('POST', stream(IMAGE), {}, { accept: 'text/event-stream' });
    expect([answer.status, answer.json.code]).toEqual([400, 'IMAGE_GENERATION_INVALID_INPUT']);
  });

  it('is let go, without a made-up end, when the server stops', async () => {
    const other = await startTestGateway();
    const bob = await customer(other);
    const streaming = bob.call('POST', stream(IMAGE), P, { 'genlock-sandbox': 'delay=600s' });
    const { promise, resolve } = Promise.withResolvers<void>();
    const unsubscribe = other.core.store.subscribe((event) => event.kind === 'changed' && resolve());
    await promise;
    unsubscribe();
    await other.close(0);
    const events = eventsIn((await streaming).text);
    expect(events.every(({ status }) => status === 'IN_QUEUE' || status === 'IN_PROGRESS')).toBe(true);
    expect(idOf({ json: events[0] ?? {}, status: 200, headers: new Headers(), text: '' })).toMatch(/^gen_/);
  });
});
