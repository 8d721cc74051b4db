import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutbound } from '../http/outbound/outbound.ts';
import type { Delivery, StoreEvent } from '../store/port.ts';
import { silentLog } from '../telemetry/log.ts';
import { createDeliverer, type Deliverer, type DelivererOptions } from './deliver.ts';
import type { WebhookScheme } from './port.ts';
import { createKiaraScheme } from './signers/kiara.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** The part of a store that the deliverer uses, with the rules of the port: due, leased, recorded by the lease holder only. */
class FakeOutbox {
  readonly rows = new Map<string, Delivery & { dueAt: number | null; worker: string | null }>();
  readonly listeners = new Set<(event: StoreEvent) => void>();
  readonly endpointPatches: unknown[] = [];
  failRecords = 0;

  add(id: string, url: string, from: Partial<Delivery> = {}): void {
    const createdAt = Date.now();
    this.rows.set(id, {
      id,
      accountId: 'acc_1',
      dialect: 'kiara',
      mode: 'live',
      generationId: 'gen_1',
      endpointId: null,
      sealedSecret: null,
      event: 'generation.completed',
      url,
      body: JSON.stringify({ id, note: 'ü' }),
      createdAt,
      status: 'pending',
      attempts: [],
      traceparent: null,
      nextAttemptAt: createdAt,
      dueAt: createdAt,
      worker: null,
      ...from,
    });
    for (const listener of this.listeners) listener({ kind: 'work' });
  }

  get(id: string): Delivery {
    const row = this.rows.get(id);
    if (row === undefined) throw new Error(`no delivery ${id}`);
    return row;
  }

  store: DelivererOptions['store'] = {
    claimDeliveries: async ({ worker, limit, now, leaseUntil }) => {
      const due = [...this.rows.values()]
        .filter(({ dueAt }) => dueAt !== null && dueAt <= now)
        .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
        .slice(0, limit);
      for (const row of due) Object.assign(row, { worker, dueAt: leaseUntil });
      return due.map((row) => ({ ...row }));
    },
    recordDelivery: async ({ id, worker, attempt, status, nextAttemptAt }) => {
      if (this.failRecords-- > 0) throw new Error('storage is gone');
      const row = this.rows.get(id);
      if (row === undefined || row.worker !== worker) return false;
      const attempts = [...row.attempts, attempt];
      Object.assign(row, { attempts, status, nextAttemptAt, dueAt: nextAttemptAt, worker: null });
      return true;
    },
    nextDue: async () => {
      const due = [...this.rows.values()].flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt]));
      return due.length === 0 ? null : Math.min(...due);
    },
    updateEndpoint: async (id, patch) => {
      this.endpointPatches.push([id, patch]);
      return undefined;
    },
    releaseLeases: async (worker, now) => {
      for (const row of this.rows.values())
        if (row.worker === worker) Object.assign(row, { worker: null, dueAt: now });
    },
    subscribe: (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
  };
}

interface Hit {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver that records what it got and answers with the given statuses, the last one repeatedly. */
async function receiver(...statuses: number[]) {
  const hits: Hit[] = [];
  const url = await listen(async (request, response) => {
    hits.push({
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: await text(request),
    });
    response.writeHead(statuses[Math.min(hits.length, statuses.length) - 1] ?? 204).end();
  });
  return { hits, url };
}

async function listen(listener: RequestListener): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer(listener).on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

function deliverer(outbox: FakeOutbox, options: Partial<DelivererOptions> = {}): Deliverer {
  const outbound = createOutbound({ allow: [], allowLoopback: true });
  const made = createDeliverer({
    store: outbox.store,
    outbound,
    schemeOf: () => createKiaraScheme({ intervalMs: 20 }),
    secretsOf: async (delivery) => [`whsec_${delivery.accountId}`],
    now: Date.now,
    worker: 'w1',
    concurrency: 16,
    log: silentLog,
    ...options,
  });
  closers.push(
    () => outbound.close(),
    () => made.drain(),
  );
  made.start();
  return made;
}

const settled = (outbox: FakeOutbox, id: string) =>
  expect.poll(() => outbox.get(id).status, { timeout: 20_000, interval: 5 });

describe('createDeliverer', () => {
  it('repeats until it is taken: the same bytes, each time signed anew', async () => {
    const { hits, url } = await receiver(500, 500, 204);
    const outbox = new FakeOutbox();
    // A clock by which attempts are a minute apart.
    let minutes = 0;
    const now = () => Date.now() + 60_000 * minutes;
    const scheme = createKiaraScheme({ intervalMs: 20 });
    const schemeOf = (): WebhookScheme => ({
      ...scheme,
      headers: (input) => scheme.headers({ ...input, nowMs: input.nowMs + 60_000 * minutes++ }),
    });
    deliverer(outbox, { now, schemeOf });
    outbox.add('evt_1', url);
    await settled(outbox, 'evt_1').toBe('delivered');

    expect(hits).toHaveLength(3);
    expect(new Set(hits.map(({ body }) => body))).toEqual(new Set(['{"id":"evt_1","note":"ü"}']));
    expect(new Set(hits.map(({ headers }) => headers['x-kiara-timestamp'])).size).toBe(3);
    for (const { method, path, headers, body } of hits) {
      expect([method, path]).toEqual(['POST', '/hook']);
      expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Genlock' });
      const signed = `${headers['x-kiara-timestamp']}.${body}`;
      expect(headers['x-kiara-signature']).toBe(
        createHmac('sha256', 'whsec_acc_1').update(signed).digest('hex'),
      );
    }
    expect(outbox.get('evt_1').attempts.map(({ status, error }) => [status, error])).toEqual([
      [500, 'answered 500'],
      [500, 'answered 500'],
      [204, null],
    ]);
  });

  it('gives up after the last attempt', async () => {
    const { hits, url } = await receiver(503);
    const outbox = new FakeOutbox();
    deliverer(outbox, { schemeOf: () => createKiaraScheme({ intervalMs: 1 }) });
    outbox.add('evt_1', url);
    await settled(outbox, 'evt_1').toBe('failed');
    expect(hits).toHaveLength(9);
    expect(outbox.get('evt_1')).toMatchObject({ nextAttemptAt: null });
    expect(outbox.get('evt_1').attempts).toHaveLength(9);
  });

  it('follows no redirect', async () => {
    const target = await receiver(204);
    const url = await listen((_, response) => response.writeHead(307, { Location: target.url }).end());
    const outbox = new FakeOutbox();
    deliverer(outbox, { schemeOf: () => createKiaraScheme({ retries: 0 }) });
    outbox.add('evt_1', url);
    await settled(outbox, 'evt_1').toBe('failed');
    expect(outbox.get('evt_1').attempts).toMatchObject([
      { status: 307, error: 'answered 307, redirects are not followed' },
    ]);
    expect(target.hits).toEqual([]);
  });

  it('counts silence, refusal and a forbidden address as failures, in words that tell no address', async () => {
    const silent = await listen(() => {});
    const closed = await receiver();
    await closers.pop()?.();
    const outbox = new FakeOutbox();
    deliverer(outbox, { schemeOf: () => createKiaraScheme({ retries: 0, timeoutMs: 50 }) });
    outbox.add('silent', silent);
    outbox.add('closed', closed.url);
    outbox.add('private', 'https://10.1.2.3/hook');
    outbox.add('broken', 'no url');
    const errors: Record<string, string> = {
      silent: 'timed out',
      closed: 'connection failed',
      private: 'URL not allowed',
      broken: 'not a URL',
    };
    for (const [id, error] of Object.entries(errors)) {
      await settled(outbox, id).toBe('failed');
      expect(outbox.get(id).attempts).toMatchObject([{ status: null, error }]);
    }
  });

  it('takes the status for the answer, however endless its body', async () => {
    const url = await listen((_, response) => {
      response.writeHead(200).write('x'.repeat(100_000));
    });
    const outbox = new FakeOutbox();
    deliverer(outbox);
    outbox.add('evt_1', url);
    await settled(outbox, 'evt_1').toBe('delivered');
  });

  it('stops at once for a receiver that is gone, and disables its endpoint', async () => {
    const { hits, url } = await receiver(410);
    const outbox = new FakeOutbox();
    deliverer(outbox, { schemeOf: () => ({ ...createKiaraScheme(), goneStatus: 410 }) });
    outbox.add('evt_1', url, { endpointId: 'whe_1' });
    await settled(outbox, 'evt_1').toBe('failed');
    expect(hits).toHaveLength(1);
    await expect.poll(() => outbox.endpointPatches).toEqual([['whe_1', { status: 'disabled' }]]);
  });

  it('fails what it cannot sign, and what no dialect knows', async () => {
    const { hits, url } = await receiver(204);
    const outbox = new FakeOutbox();
    deliverer(outbox, {
      schemeOf: (dialect) => (dialect === 'kiara' ? createKiaraScheme({ retries: 0 }) : undefined),
      secretsOf: () => Promise.reject(new Error('sealed with another secret')),
    });
    outbox.add('unsigned', url);
    outbox.add('unknown', url, { dialect: 'gone' });
    await settled(outbox, 'unsigned').toBe('failed');
    await settled(outbox, 'unknown').toBe('failed');
    expect(outbox.get('unsigned').attempts).toMatchObject([{ status: null, error: 'no signing secret' }]);
    expect(hits).toEqual([]);
  });

  it('lets no slow receiver hold up the others', async () => {
    let hanging = 0;
    const slow = await listen(() => hanging++);
    const quick = await receiver(204);
    const outbox = new FakeOutbox();
    for (let n = 0; n < 300; n++) outbox.add(`slow_${n}`, slow, { dueAt: 1 } as Partial<Delivery>);
    for (let n = 0; n < 50; n++) outbox.add(`quick_${n}`, quick.url);
    const outbound = createOutbound({ allow: [], allowLoopback: true });
    const schemeOf = () => createKiaraScheme({ timeoutMs: 50_000, retries: 0 });
    const made = deliverer(outbox, { outbound, schemeOf });
    const rows = () => [...outbox.rows.values()];
    const delivered = () => rows().filter(({ status }) => status === 'delivered').length;
    await expect.poll(delivered, { timeout: 20_000, interval: 5 }).toBe(50);
    expect(quick.hits).toHaveLength(50);
    await expect.poll(() => hanging, { timeout: 20_000, interval: 5 }).toBe(4);
    expect(outbox.get('slow_0').status).toBe('pending');

    const drained = made.drain();
    await outbound.close();
    await drained;
    // What had begun was recorded; what had not is due at once for the next process.
    expect(rows().filter(({ status }) => status === 'failed')).toHaveLength(4);
    expect(rows().every(({ worker }) => worker === null)).toBe(true);
  });

  it('gives receivers more time than a lease where the dialect does', async () => {
    const { url } = await receiver(204);
    const outbox = new FakeOutbox();
    deliverer(outbox, { schemeOf: () => createKiaraScheme({ timeoutMs: 300_000 }) });
    outbox.add('evt_1', url);
    await settled(outbox, 'evt_1').toBe('delivered');
  });

  it('goes on after a restart where the last process stopped', async () => {
    const { hits, url } = await receiver(500, 204);
    const outbox = new FakeOutbox();
    const first = deliverer(outbox, { schemeOf: () => createKiaraScheme({ intervalMs: 300 }) });
    outbox.add('evt_1', url);
    await expect.poll(() => outbox.get('evt_1').attempts.length, { timeout: 20_000, interval: 5 }).toBe(1);
    await first.drain();
    expect(outbox.get('evt_1').status).toBe('pending');

    deliverer(outbox, { worker: 'w2' });
    await settled(outbox, 'evt_1').toBe('delivered');
    expect(hits.map(({ body }) => body)).toEqual([outbox.get('evt_1').body, outbox.get('evt_1').body]);
  });

  it('sends again what a dead process had claimed, once its lease is over', async () => {
    const { hits, url } = await receiver(204);
    const outbox = new FakeOutbox();
    outbox.add('evt_1', url, { worker: 'dead', dueAt: Date.now() + 100 } as Partial<Delivery>);
    deliverer(outbox);
    await settled(outbox, 'evt_1').toBe('delivered');
    expect(hits).toHaveLength(1);
  });

  it('survives a store that does not answer', async () => {
    const { hits, url } = await receiver(204);
    const outbox = new FakeOutbox();
    outbox.failRecords = 1;
    let claims = 0;
    const { claimDeliveries } = outbox.store;
    const store: DelivererOptions['store'] = {
      ...outbox.store,
      claimDeliveries: (command) =>
        // A lease that has already run out, so that the test need not wait for the repetition.
        claims++ === 0
          ? Promise.reject(new Error('storage is gone'))
          : claimDeliveries({ ...command, leaseUntil: command.now + 50 }),
    };
    deliverer(outbox, { store });
    outbox.add('evt_1', url);
    await settled(outbox, 'evt_1').toBe('delivered');
    expect(hits.length).toBe(2);
  });

  it('drains what is under way and takes on nothing more', async () => {
    let answer: (() => void) | undefined;
    const url = await listen((_, response) => {
      answer = () => response.writeHead(204).end();
    });
    const outbox = new FakeOutbox();
    const made = deliverer(outbox);
    outbox.add('evt_1', url);
    await expect.poll(() => answer, { timeout: 20_000, interval: 5 }).toBeDefined();
    const drained = made.drain();
    outbox.add('evt_2', url);
    answer?.();
    await drained;
    expect(outbox.get('evt_1').status).toBe('delivered');
    expect(outbox.get('evt_2')).toMatchObject({ status: 'pending', attempts: [] });
    expect(outbox.listeners.size).toBe(0);
  });
});
