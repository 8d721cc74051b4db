import { describe, expect, it, vi } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { textsOf } from '../../domain/request.ts';
import type { PollReply, Provider, ProviderCall, ProviderCapabilities } from '../../providers/port.ts';
import { startTestCore } from '../../testing/core.ts';
import { mortal, newLife } from '../../testing/mortal.ts';
import { openCore } from '../../testing/open-core.ts';
import { picture, type Step, scripted } from '../../testing/scripted-provider.ts';
import { createWorker } from './worker.ts';

it('takes up what it has postponed, also when it claims that before it hears that it is postponed', async () => {
  const provider = scripted('paid', [
    () => {
      throw new GenlockError('upstream_unavailable', undefined, { accepted: 'no' });
    },
    () => picture,
  ]);
  const core = await startTestCore({
    providers: [provider],
    config: (plain) => ({ ...plain, retries: { ...plain.retries, baseDelayMs: 0 } }),
  });
  const { store } = core;
  const claimedAgain = Promise.withResolvers<void>();
  let claims = 0;
  const slow: typeof store = new Proxy(store, {
    get(target, name: keyof typeof store) {
      if (name === 'claim')
        return async (command: Parameters<typeof store.claim>[0]) => {
          const claimed = await target.claim(command);
          claims += claimed.length;
          if (claims > 1) claimedAgain.resolve();
          return claimed;
        };
      if (name === 'postpone')
        return async (command: Parameters<typeof store.postpone>[0]) => {
          const done = await target.postpone(command);
          await claimedAgain.promise;
          return done;
        };
      const member = target[name];
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const worker = createWorker({ ...core, store: slow }, 'worker_1');
  try {
    const { id } = await core.submit(await core.customer(1_000_000));
    worker.start();
    expect((await core.end(id)).status).toBe('succeeded');
    expect(provider.calls).toHaveLength(2);
  } finally {
    await worker.drain(0);
    await core.close();
  }
});

it('leaves a job that can be asked for later to the next process, and takes no half of its result', async () => {
  const asked = Promise.withResolvers<void>();
  const accepted = { state: 'accepted', upstreamId: 'up_1', pollAfterMs: 0 } as const;
  let polls = 0;
  const poll = async (_: string, { signal }: ProviderCall): Promise<PollReply> => {
    polls += 1;
    if (polls > 1) return picture;
    asked.resolve();
    const lostFiles = [new GenlockError('upstream_timeout')];
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve({ ...picture, lostFiles })),
    );
  };
  const provider = scripted('p', [() => accepted], {}, { poll });
  const core = await openCore({ providers: [provider] });
  const { id } = await core.submit(await core.customer(1_000_000));
  const worker = core.worker();
  worker.start();
  await asked.promise;
  await worker.drain(0);
  expect((await core.store.generation(id))?.status).toBe('running');
  core.worker().start();
  expect((await core.end(id)).status).toBe('succeeded');
  expect(await core.store.attempts(id)).toMatchObject([{ outcome: 'succeeded', lostCalls: 0, error: null }]);
  expect([provider.calls.length, polls]).toEqual([1, 2]);
});

describe('a call that its process cannot wait for any longer', () => {
  /** Drains during the first call, which then returns what it has. */
  async function drained(capabilities: Partial<ProviderCapabilities>) {
    const called = Promise.withResolvers<void>();
    const stopped: Step = ({ signal }) => {
      called.resolve();
      return new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ ...picture, lostCalls: 1 })),
      );
    };
    const provider = scripted('p', [stopped, () => picture], capabilities);
    const core = await openCore({ providers: [provider] });
    const { id } = await core.submit(await core.customer(1_000_000));
    const worker = core.worker();
    worker.start();
    await called.promise;
    await worker.drain(0);
    const drainedAs = (await core.store.generation(id))?.status;
    core.worker().start();
    const generation = await core.end(id);
    const attempts = await core.store.attempts(id);
    return { drainedAs, ended: generation.status, calls: provider.calls.length, attempts };
  }

  it('brings what was bought until then, which nobody could have later', async () => {
    expect(await drained({})).toMatchObject({
      ...{ drainedAs: 'succeeded', ended: 'succeeded', calls: 1 },
      attempts: [{ outcome: 'succeeded', lostCalls: 1 }],
    });
  });

  it('is made again by the next one, where that buys nothing twice', async () => {
    expect(await drained({ safeToResend: true })).toMatchObject({
      ...{ drainedAs: 'running', ended: 'succeeded', calls: 2 },
      attempts: [{ outcome: 'outcome_unknown' }, { outcome: 'succeeded', lostCalls: 0 }],
    });
  });
});

describe('restarts during a call that has to be made again', () => {
  const RESTARTS = 5;
  type Ending = 'in order' | 'killed';
  const cutOff = ({ signal }: ProviderCall): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  /** Ends this many workers, each during its call, which does what `step` says; then one worker continues to the end. */
  async function restarted(
    ending: Ending,
    step: Step,
    capabilities: Partial<ProviderCapabilities>,
    more: Partial<Provider> = {},
  ) {
    let called = Promise.withResolvers<void>();
    const begin: Step = (call) => {
      called.resolve();
      return step(call);
    };
    const steps = [...Array<Step>(RESTARTS).fill(begin), () => picture];
    const provider = scripted('p', steps, capabilities, more);
    const core = await openCore({
      providers: [provider],
      config: (plain) => ({ ...plain, retries: { ...plain.retries, baseDelayMs: 0 } }),
    });
    const { id } = await core.submit(await core.customer(1_000_000));
    for (let n = 0; n < RESTARTS && (await core.store.generation(id))?.finishedAt === null; n += 1) {
      const life = newLife();
      const worker = createWorker({ ...core, store: mortal(core.store, life) }, `worker_${n}`);
      worker.start();
      await Promise.race([called.promise, core.end(id)]);
      called = Promise.withResolvers<void>();
      if (ending === 'in order') await worker.drain(0);
      else {
        life.end();
        await core.store.renewLeases(`worker_${n}`, Date.now(), [id]);
      }
    }
    core.worker().start();
    const generation = await core.end(id);
    const attempts = await core.store.attempts(id);
    expect((await core.store.reconcile()).findings).toEqual([]);
    return { id, generation, attempts, calls: provider.calls.map(({ idempotencyKey }) => idempotencyKey) };
  }

  it('use up none of its tries, at a provider that honours our key or is free', async () => {
    const keyed = await restarted('in order', cutOff, { safeToResend: true });
    const free = await restarted('in order', cutOff, { free: true });
    for (const [{ id, generation, attempts, calls }, outcome] of [
      [keyed, 'outcome_unknown'],
      [free, 'failed'],
    ] as const) {
      expect(generation.status).toBe('succeeded');
      expect(calls).toEqual(Array(RESTARTS + 1).fill(id));
      expect(attempts.map((one) => [one.outcome, one.error?.code])).toEqual([
        ...Array(RESTARTS).fill([outcome, 'shutting_down']),
        ['succeeded', undefined],
      ]);
    }
  });

  it('use up none where the provider is asked and says that the call never arrived', async () => {
    const find = async () => 'never_arrived' as const;
    const { generation, attempts, calls } = await restarted('in order', cutOff, { lookup: true }, { find });
    expect(generation.status).toBe('succeeded');
    expect(calls).toHaveLength(RESTARTS + 1);
    expect(attempts.slice(0, -1)).toMatchObject(Array(RESTARTS).fill({ error: { code: 'shutting_down' } }));
  });

  it('use up none where a paid call was cut off before it was sent, and send it once', async () => {
    const sent: string[] = [];
    const readsFirst: Step = async (call) => {
      await cutOff(call).catch((cause) => {
        throw new GenlockError('media_unreadable', undefined, { cause });
      });
      sent.push(call.idempotencyKey);
      return picture;
    };
    const { generation, attempts } = await restarted('in order', readsFirst, {});
    expect(generation.status).toBe('succeeded');
    expect(sent).toEqual([]);
    expect(attempts).toMatchObject([
      ...Array(RESTARTS).fill({ outcome: 'failed', error: { code: 'shutting_down' } }),
      { outcome: 'succeeded' },
    ]);
  });

  it.each<[string, Step]>([
    ['that was cut off', cutOff],
    [
      'of which something was cut off that may stand behind an order',
      (call) =>
        cutOff(call).catch((cause) => {
          throw new GenlockError('upstream_failed', undefined, { cause, accepted: 'no' });
        }),
    ],
  ])('never make a paid call again %s: it is of unknown fate', async (_, step) => {
    const { generation, calls } = await restarted('in order', step, {});
    expect(generation.failure?.code).toBe('outcome_unknown');
    expect(calls).toHaveLength(1);
  });

  it('count as tries where the worker died: it may be the call that kills it', async () => {
    const { generation, attempts } = await restarted('killed', cutOff, { safeToResend: true });
    expect(generation.failure?.code).toBe('outcome_unknown');
    expect(attempts.map(({ error }) => error?.code)).toEqual(Array(3).fill('upstream_failed'));
  });
});

/** A worker that is busy with one job loses sight of another: the store is struck at this call. */
async function lostAt(method: 'claim' | 'beginAttempt'): Promise<void> {
  const provider = scripted('paid', [
    ({ request }) => (textsOf(request).includes('hang') ? new Promise(() => {}) : picture),
  ]);
  const core = await startTestCore({
    providers: [provider],
    config: (plain) => ({ ...plain, worker: { ...plain.worker, leaseMs: 300 } }),
  });
  let lost = 0;
  const stumbling: typeof core.store = new Proxy(core.store, {
    get(target, name: keyof typeof core.store) {
      const member = target[name];
      if (typeof member !== 'function') return member;
      if (name !== method || provider.calls.length === 0) return member.bind(target);
      return async (...args: unknown[]) => {
        if (method === 'beginAttempt' && lost === 0) {
          lost += 1;
          throw new GenlockError('storage_unavailable');
        }
        const answer: unknown = await Reflect.apply(member, target, args);
        if (lost > 0 || (answer as readonly unknown[]).length === 0) return answer;
        lost += 1;
        throw new GenlockError('storage_unavailable', undefined, { accepted: 'maybe' });
      };
    },
  });
  const worker = createWorker({ ...core, store: stumbling }, 'worker_1');
  try {
    const caller = await core.customer(1_000_000);
    const prompted = (prompt: string) => ({
      input: { prompt },
      request: { kind: 'image', prompt, count: 1, format: 'png', width: 1, height: 1, seed: 1 } as const,
    });
    await core.submit(caller, prompted('hang'));
    worker.start();
    await vi.waitUntil(() => provider.calls.length === 1);
    const { id } = await core.submit(caller, prompted('a red mug'));
    expect((await core.end(id)).status).toBe('succeeded');
    expect([lost, provider.calls.length]).toEqual([1, 2]);
  } finally {
    await worker.drain(0);
    await core.close();
  }
}

describe('a job that its worker has lost sight of', () => {
  it('is taken up again, however busy the worker is, where its claim was never answered', () =>
    lostAt('claim'));

  it('is taken up again, however busy the worker is, where its run broke off', () => lostAt('beginAttempt'));
});
