import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import type { PollReply, Provider, ProviderReply } from '../../providers/port.ts';
import type { TestCore, TestCoreOptions } from '../../testing/core.ts';
import { openCore } from '../../testing/open-core.ts';
import { picture, type Step, scripted } from '../../testing/scripted-provider.ts';
import { cancel } from '../cancel.ts';
import { sweepAbandoned } from './follow-abandoned.ts';
import { followUp } from './follow-up.ts';

const PRICE = 100_000;
const running = { state: 'accepted', upstreamId: 'up_1', pollAfterMs: 1 } as const;
const failed: PollReply = { state: 'failed', error: new GenlockError('upstream_failed') };
const lost: Step = () => {
  throw new GenlockError('upstream_failed', undefined, { accepted: 'maybe', raw: 'the connection broke' });
};

/** A provider whose jobs have the state `state`, until they are canceled. */
function upstream(state: { is: PollReply }, capabilities = {}, more: Partial<Provider> = {}) {
  const canceled: string[] = [];
  const asked = Promise.withResolvers<void>();
  const provider = scripted(
    'up',
    [() => running],
    { cancel: true, ...capabilities },
    {
      poll: async () => {
        asked.resolve();
        return state.is;
      },
      cancel: async (upstreamId) => {
        canceled.push(upstreamId);
        if (state.is === running) state.is = failed;
      },
      ...more,
    },
  );
  return { ...provider, canceled, asked: asked.promise };
}

const within =
  (image: number): NonNullable<TestCoreOptions['config']> =>
  (config) => ({ ...config, deadlines: { ...config.deadlines, image } });

/** A generation for which a dead process had begun a call. */
async function left(core: TestCore, upstreamId?: string): Promise<string> {
  const { id: generationId } = await core.submit(await core.customer(PRICE));
  const now = Date.now();
  const lease = { generationId, worker: 'dead' };
  await core.store.claim({ worker: 'dead', limit: 1, now, leaseUntil: now + 60_000 });
  await core.store.beginAttempt({ ...lease, n: 1, provider: 'up', model: 'm', now });
  if (upstreamId !== undefined) await core.store.noteUpstreamId(lease, 1, upstreamId);
  await core.store.renewLeases('dead', Date.now(), [generationId]);
  return generationId;
}

const sweep = (core: TestCore): Promise<void> =>
  sweepAbandoned(core, new Map(), new AbortController().signal, 0);

/** What is stored of a generation that ended with a full release. */
async function kept(core: TestCore, id: string) {
  const generation = await core.store.generation(id);
  expect(generation?.charged).toBe(0);
  expect((await core.store.transfersOf(id)).map(({ type }) => type)).toEqual(['hold', 'release']);
  expect((await core.store.reconcile()).findings).toEqual([]);
  const [attempt, ...others] = await core.store.attempts(id);
  expect(others).toEqual([]);
  return { code: generation?.failure?.code, outcome: attempt?.outcome, upstreamId: attempt?.upstreamId };
}

describe('canceling', () => {
  it('reaches the upstream', async () => {
    const provider = upstream({ is: running });
    const core = await openCore({ providers: [provider] });
    const worker = core.worker();
    worker.start();
    const { id } = await core.submit(await core.customer(PRICE));
    await provider.asked;
    await cancel(core, id, 'unfinished');
    await worker.drain(5_000);
    expect(provider.canceled).toEqual(['up_1']);
    expect(await kept(core, id)).toEqual({ code: undefined, outcome: 'canceled', upstreamId: 'up_1' });
  });

  it('reaches the upstream although the process that had called it is dead', async () => {
    const provider = upstream({ is: running });
    const core = await openCore({ providers: [provider] });
    const id = await left(core, 'up_1');
    await cancel(core, id, 'unfinished');
    expect((await kept(core, id)).outcome).toBe('abandoned');
    await sweep(core);
    expect(provider.canceled).toEqual(['up_1']);
    expect((await kept(core, id)).outcome).toBe('canceled');
  });

  it('between two attempts asks nothing of the one that has failed, and gives everything back', async () => {
    const error = new GenlockError('upstream_rate_limited', undefined, { retryAfterMs: 60_000 });
    const provider = upstream({ is: { state: 'failed', error } });
    const core = await openCore({ providers: [provider] });
    const worker = core.worker();
    worker.start();
    const { id } = await core.submit(await core.customer(PRICE));
    await expect.poll(async () => (await core.store.attempts(id))[0]?.outcome).toBe('failed');
    await cancel(core, id, 'unfinished');
    await worker.drain(5_000);
    await sweep(core);
    expect(provider.canceled).toEqual([]);
    expect(provider.calls).toHaveLength(1);
    expect(await kept(core, id)).toEqual({ code: undefined, outcome: 'failed', upstreamId: 'up_1' });
  });

  it('reaches a call that is answered only after it', async () => {
    const { promise: called, resolve } = Promise.withResolvers<void>();
    const { promise: answer, resolve: accept } = Promise.withResolvers<ProviderReply>();
    const submit: Provider['submit'] = ({ signal }) => {
      resolve();
      const cut = new Promise<never>((_, reject) => signal.addEventListener('abort', reject));
      return Promise.race([answer, cut]);
    };
    const provider = upstream({ is: running }, {}, { submit });
    const core = await openCore({ providers: [provider] });
    const worker = core.worker();
    worker.start();
    const { id } = await core.submit(await core.customer(PRICE));
    await called;
    await cancel(core, id, 'unfinished');
    accept(running);
    await worker.drain(5_000);
    expect(provider.canceled).toEqual(['up_1']);
    expect(await kept(core, id)).toEqual({ code: undefined, outcome: 'canceled', upstreamId: 'up_1' });
  });

  it('flags what may have to be paid where nothing is known of the call', async () => {
    const core = await openCore({ providers: [scripted('up', [])] });
    const id = await left(core);
    await cancel(core, id, 'unfinished');
    await sweep(core);
    expect((await kept(core, id)).outcome).toBe('outcome_unknown');
    expect((await core.store.flaggedAttempts('outcome_unknown', 9)).data).toMatchObject([
      { generation: { id, status: 'canceled' } },
    ]);
  });

  it('leaves nothing behind at a provider that is free', async () => {
    const core = await openCore({ providers: [scripted('up', [], { free: true })] });
    const id = await left(core);
    await cancel(core, id, 'unfinished');
    await sweep(core);
    expect((await kept(core, id)).outcome).toBe('canceled');
  });
});

describe('at the deadline', () => {
  it('takes states that it does not know for work that goes on, and then cancels it', async () => {
    const state = { is: { state: 'dreaming', pollAfterMs: 1 } as unknown as PollReply };
    const provider = upstream(
      state,
      {},
      {
        cancel: async () => {
          state.is = failed;
        },
      },
    );
    const core = await openCore({ providers: [provider], config: within(150) });
    core.worker().start();
    const { id } = await core.submit(await core.customer(PRICE));
    await core.end(id);
    await expect
      .poll(() => kept(core, id), { timeout: 10_000 })
      .toEqual({
        code: 'upstream_timeout',
        outcome: 'canceled',
        upstreamId: 'up_1',
      });
    expect(provider.calls).toHaveLength(1);
  });

  it('fails what a dead process left, whatever the upstream says, and flags a late result', async () => {
    const provider = upstream({ is: { ...picture, cost: 40_000 } });
    const core = await openCore({ providers: [provider], config: within(0) });
    const id = await left(core, 'up_1');
    core.worker().start();
    await core.end(id);
    await expect
      .poll(() => kept(core, id), { timeout: 10_000 })
      .toMatchObject({
        code: 'upstream_timeout',
        outcome: 'late',
      });
    expect(provider.canceled).toEqual([]);
    expect((await core.store.flaggedAttempts('late', 9)).data).toMatchObject([
      { n: 1, provider: 'up', cost: 40_000, generation: { id, status: 'failed' } },
    ]);
  });

  it('flags a result that comes although it was asked to cancel', async () => {
    const state: { is: PollReply } = { is: running };
    const stubborn = upstream(state, {}, { cancel: async () => {} });
    const core = await openCore({ providers: [stubborn] });
    const id = await left(core, 'up_1');
    await cancel(core, id, 'unfinished');
    await sweep(core);
    expect((await kept(core, id)).outcome).toBe('abandoned');
    state.is = picture;
    await sweep(core);
    expect((await kept(core, id)).outcome).toBe('late');
  });

  it('follows what it cannot find out for an hour, and then says so', async () => {
    const core = await openCore({ providers: [upstream({ is: running }, { cancel: false })] });
    const id = await left(core, 'up_1');
    await cancel(core, id, 'unfinished');
    const [attempt] = await core.store.attempts(id);
    const generation = await core.store.generation(id);
    if (attempt === undefined || generation === undefined) throw new Error('not stored');
    const inMinutes = (minutes: number) => ({ ...core, now: () => Date.now() + minutes * 60_000 });
    await followUp(inMinutes(59), generation, attempt);
    expect((await kept(core, id)).outcome).toBe('abandoned');
    await followUp(inMinutes(61), generation, attempt);
    expect((await kept(core, id)).outcome).toBe('outcome_unknown');
  });
});

describe('a call of unknown fate, at a provider that can be asked', () => {
  const asked = (answers: readonly Awaited<ReturnType<NonNullable<Provider['find']>>>[]) => {
    let count = 0;
    const find: Provider['find'] = async () => {
      count += 1;
      const answer = answers[Math.min(count, answers.length) - 1] ?? 'unknown';
      return answer;
    };
    return { find, count: () => count };
  };
  const quick: NonNullable<TestCoreOptions['config']> = (config) => ({
    ...config,
    retries: { ...config.retries, baseDelayMs: 1 },
  });

  it('is looked for until it is found, and then goes on', async () => {
    const { find, count } = asked(['unknown', 'unknown', { upstreamId: 'up_7' }]);
    const provider = scripted('up', [lost], { lookup: true }, { find });
    const core = await openCore({ providers: [provider], config: quick });
    core.worker().start();
    const { id } = await core.submit(await core.customer(PRICE));
    expect(await core.end(id)).toMatchObject({ status: 'succeeded', charged: PRICE });
    expect([provider.calls.length, provider.polls, count()]).toEqual([1, ['up_7'], 3]);
    expect(await core.store.attempts(id)).toMatchObject([{ upstreamId: 'up_7', outcome: 'succeeded' }]);
  });

  it('is made again when it never arrived', async () => {
    const { find } = asked(['never_arrived']);
    const provider = scripted('up', [lost, () => picture], { lookup: true }, { find });
    const core = await openCore({ providers: [provider], config: quick });
    core.worker().start();
    const { id } = await core.submit(await core.customer(PRICE));
    expect((await core.end(id)).status).toBe('succeeded');
    expect((await core.store.attempts(id)).map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded']);
  });

  it('fails as unknown at the deadline, and is still looked for', async () => {
    const answers = { is: 'unknown' as Awaited<ReturnType<NonNullable<Provider['find']>>> };
    const provider = scripted('up', [lost], { lookup: true }, { find: async () => answers.is });
    const other = scripted('other', []);
    const core = await openCore({ providers: [provider, other], config: within(150) });
    core.worker().start();
    const { id } = await core.submit(await core.customer(PRICE));
    await core.end(id);
    expect(await kept(core, id)).toMatchObject({ code: 'outcome_unknown', outcome: 'abandoned' });
    answers.is = { upstreamId: 'up_7' };
    await sweep(core);
    expect(await kept(core, id)).toMatchObject({ outcome: 'late', upstreamId: 'up_7' });
    expect([provider.calls.length, other.calls.length]).toEqual([1, 0]);
  });
});

it('orders nothing elsewhere when the provider that took a job on is gone', async () => {
  const other = scripted('other', []);
  const core = await openCore({ providers: [other] });
  const id = await left(core, 'up_1');
  core.worker().start();
  await core.end(id);
  // It may come back at the next start.
  expect(await kept(core, id)).toMatchObject({ code: 'outcome_unknown', outcome: 'abandoned' });
  expect(other.calls).toHaveLength(0);
});
