import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import type { PollReply, ProviderCall, ProviderCapabilities } from '../../providers/port.ts';
import { startTestCore } from '../../testing/core.ts';
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
  /** Drains while the first call is under way, which then brings what it has. */
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
