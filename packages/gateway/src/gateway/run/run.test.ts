import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import type { PollReply } from '../../providers/port.ts';
import type { TestCore, TestCoreOptions } from '../../testing/core.ts';
import { openCore } from '../../testing/open-core.ts';
import { picture, type Step, scripted } from '../../testing/scripted-provider.ts';
import { cancel } from '../cancel.ts';

const PRICE = 100_000;
const throws =
  (code: ConstructorParameters<typeof GenlockError>[0], accepted?: 'maybe'): Step =>
  () => {
    throw new GenlockError(code, undefined, { raw: 'said the upstream', ...(accepted && { accepted }) });
  };

const pictures = (count: number) =>
  ({ kind: 'image', prompt: 'a red mug', count, format: 'png', seed: 1 }) as const;

/** Runs one generation to its end on a fresh account and checks what must always hold. */
async function outcome(core: TestCore) {
  const caller = await core.customer(10 * PRICE);
  core.worker().start();
  const { id } = await core.submit(caller);
  const generation = await core.end(id);
  const transfers = await core.store.transfersOf(id);
  expect(await core.store.reconcile()).toMatchObject({ drift: 0, openHolds: 0, findings: [] });
  return {
    generation,
    attempts: await core.store.attempts(id),
    transfers: transfers.map(({ type }) => type),
  };
}

describe('a run', () => {
  it('calls once, keeps the files and captures the hold', async () => {
    const provider = scripted('p', []);
    const core = await openCore({ providers: [provider] });
    const { generation, attempts, transfers } = await outcome(core);
    expect(generation).toMatchObject({ status: 'succeeded', charged: PRICE });
    expect(attempts).toMatchObject([{ n: 1, provider: 'p', outcome: 'succeeded', error: null }]);
    expect(transfers).toEqual(['hold', 'capture']);
    expect(provider.calls).toHaveLength(1);
    const [asset] = await core.store.assetsOf(generation.id);
    expect(await core.blobs.readAll(asset?.blob ?? '', 10)).toEqual(Buffer.from([1]));
  });

  it('writes the intent before the call and the upstream id before it polls', async () => {
    const seen: unknown[] = [];
    const provider = scripted('p', [
      async (call) => {
        seen.push(
          (await core.store.attempts(call.idempotencyKey)).map(({ upstreamId, outcome }) => ({
            upstreamId,
            outcome,
          })),
        );
        return { state: 'accepted', upstreamId: 'up_1', pollAfterMs: 0 };
      },
    ]);
    const core = await openCore({ providers: [provider] });
    const { generation, attempts } = await outcome(core);
    expect(generation.status).toBe('succeeded');
    expect(seen).toEqual([[{ upstreamId: null, outcome: null }]]);
    expect(attempts[0]?.upstreamId).toBe('up_1');
    expect(provider.polls).toEqual(['up_1']);
  });

  it('tries again after a transient failure, and keeps what the upstream said with the attempt', async () => {
    const provider = scripted('p', [throws('upstream_failed'), () => picture]);
    const { generation, attempts, transfers } = await outcome(await openCore({ providers: [provider] }));
    expect(generation.status).toBe('succeeded');
    expect(attempts.map(({ n, outcome }) => [n, outcome])).toEqual([
      [1, 'failed'],
      [2, 'succeeded'],
    ]);
    expect(attempts[0]?.error).toEqual({ code: 'upstream_failed', raw: 'said the upstream' });
    expect(transfers).toEqual(['hold', 'capture']);
  });

  it('fails over to the next route, within one ceiling of attempts', async () => {
    const first = scripted('first', [throws('upstream_unavailable')]);
    const second = scripted('second', []);
    const { generation, attempts } = await outcome(await openCore({ providers: [first, second] }));
    expect(generation.status).toBe('succeeded');
    expect(attempts.map(({ provider }) => provider)).toEqual(['first', 'first', 'first', 'second']);

    const never = scripted('never', [throws('upstream_unavailable')]);
    const nor = scripted('nor', [throws('upstream_unavailable')]);
    const failed = await outcome(await openCore({ providers: [never, nor] }));
    expect(failed.generation.failure?.code).toBe('upstream_unavailable');
    expect(never.calls.length + nor.calls.length).toBe(4);
    expect(failed.transfers).toEqual(['hold', 'release']);
  });

  it('does not buy again what a paid provider made a mess of', async () => {
    const paid = scripted('paid', [() => ({ state: 'finished', outputs: [] })]);
    const other = scripted('other', []);
    const { generation, attempts, transfers } = await outcome(await openCore({ providers: [paid, other] }));
    expect([paid.calls.length, other.calls.length]).toEqual([1, 0]);
    expect(generation.failure?.code).toBe('upstream_invalid_result');
    expect(attempts).toMatchObject([{ outcome: 'failed' }]);
    expect(transfers).toEqual(['hold', 'release']);
  });

  it('goes on asking for a job when a poll fails, and orders nothing anew', async () => {
    let polls = 0;
    const accepted: Step = () => ({ state: 'accepted', upstreamId: 'up_1', pollAfterMs: 0 });
    const provider = scripted(
      'p',
      [accepted],
      {},
      {
        poll: async () => {
          polls += 1;
          if (polls < 4) throw new GenlockError('upstream_unavailable');
          return picture;
        },
      },
    );
    const { generation, attempts } = await outcome(await openCore({ providers: [provider] }));
    expect(generation.status).toBe('succeeded');
    expect(provider.calls).toHaveLength(1);
    expect(attempts).toHaveLength(1);
  });

  it('tries again when the job itself failed, unless the provider charges for that', async () => {
    const accepted: Step = () => ({ state: 'accepted', upstreamId: 'up_1', pollAfterMs: 0 });
    const failing = (how?: 'yes') =>
      scripted(
        'p',
        [accepted, () => picture],
        {},
        {
          poll: async () => ({
            state: 'failed',
            error: new GenlockError('upstream_failed', undefined, how && { accepted: how }),
          }),
        },
      );
    const free = await outcome(await openCore({ providers: [failing()] }));
    expect(free.generation.status).toBe('succeeded');
    expect(free.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded']);
    const charged = await outcome(await openCore({ providers: [failing('yes')] }));
    expect(charged.generation.failure?.code).toBe('upstream_failed');
    expect(charged.attempts).toHaveLength(1);
  });

  it('never resends a paid call whose fate is unknown, here or elsewhere', async () => {
    const paid = scripted('paid', [throws('upstream_failed', 'maybe')]);
    const other = scripted('other', []);
    const { generation, attempts, transfers } = await outcome(await openCore({ providers: [paid, other] }));
    expect(paid.calls).toHaveLength(1);
    expect(other.calls).toHaveLength(0);
    expect(generation.failure?.code).toBe('outcome_unknown');
    expect(attempts).toMatchObject([{ outcome: 'outcome_unknown' }]);
    expect(transfers).toEqual(['hold', 'release']);
  });

  describe('that is made of several calls', () => {
    const half: Step = () => ({ state: 'accepted', upstreamId: 'up_1', pollAfterMs: 0, lostCalls: 1 });
    const failing = async (): Promise<PollReply> => ({
      state: 'failed',
      error: new GenlockError('upstream_failed'),
    });

    it('never makes those anew whose answers were lost, when the others failed', async () => {
      const paid = scripted('paid', [half], {}, { poll: failing });
      const other = scripted('other', []);
      const { generation, attempts } = await outcome(await openCore({ providers: [paid, other] }));
      expect([paid.calls.length, other.calls.length]).toEqual([1, 0]);
      expect(generation.failure?.code).toBe('outcome_unknown');
      expect(attempts).toMatchObject([{ outcome: 'outcome_unknown', lostCalls: 1 }]);
    });

    it('does so where that costs nothing, and has lost nothing then', async () => {
      const free = scripted(
        'free',
        [half, () => picture],
        { free: true, safeToResend: true },
        { poll: failing },
      );
      const { generation, attempts } = await outcome(await openCore({ providers: [free] }));
      expect(generation.status).toBe('succeeded');
      expect(attempts).toMatchObject([{ outcome: 'failed', lostCalls: 0 }, { outcome: 'succeeded' }]);
    });

    it('is delivered as far as it came, and flagged', async () => {
      const core = await openCore({ providers: [scripted('p', [() => ({ ...picture, lostCalls: 2 })])] });
      const { generation } = await outcome(core);
      expect(generation.status).toBe('succeeded');
      expect((await core.store.flaggedAttempts('outcome_unknown', 9)).data).toMatchObject([
        { outcome: 'succeeded', lostCalls: 2, generation: { id: generation.id } },
      ]);
    });
  });

  it.each([
    ['as the provider told it', 40_000, 40_000],
    ['where it told nothing', undefined, null],
    ['not where it is no amount', Number.NaN, null],
    ['not below nothing', -1, null],
    ['not where nobody could pay it', 1e300, null],
    ['not in parts of a micro-dollar', 0.5, null],
  ])('keeps what it cost %s', async (_, cost, kept) => {
    const told: Step = () => ({ ...picture, ...(cost !== undefined && { cost }) });
    const { generation, attempts } = await outcome(await openCore({ providers: [scripted('p', [told])] }));
    expect(generation.status).toBe('succeeded');
    expect(attempts).toMatchObject([{ cost: kept }]);
  });

  it('flags nothing that is of no use where it cost nothing', async () => {
    const mess: Step = () => ({ state: 'finished', outputs: [] });
    const free = scripted('free', [mess, () => picture], { free: true, safeToResend: true });
    const { attempts } = await outcome(await openCore({ providers: [free] }));
    expect(attempts).toMatchObject([{ outcome: 'failed', lostCalls: 0 }, { outcome: 'succeeded' }]);
  });

  it('keeps what it cost also where it brought nothing of use', async () => {
    const mess: Step = () => ({ state: 'finished', outputs: [], cost: 40_000 });
    const { attempts } = await outcome(await openCore({ providers: [scripted('p', [mess])] }));
    expect(attempts).toMatchObject([{ outcome: 'failed', cost: 40_000 }]);
  });

  it('does not retry what only the caller can mend, and does not show what the upstream said', async () => {
    const provider = scripted('p', [throws('content_rejected')]);
    const { generation } = await outcome(await openCore({ providers: [provider] }));
    expect(provider.calls).toHaveLength(1);
    expect(generation.failure).toMatchObject({ code: 'content_rejected' });
    expect(JSON.stringify(generation)).not.toContain('said the upstream');
  });

  it.each([
    ['nothing', () => ({ state: 'finished', outputs: [] }) as const],
    [
      'an undecodable file',
      () =>
        ({ state: 'finished', outputs: [{ bytes: new Uint8Array(), contentType: 'image/png' }] }) as const,
    ],
  ])('treats %s as no result, and charges nothing for it', async (_, step) => {
    const { generation, transfers } = await outcome(await openCore({ providers: [scripted('p', [step])] }));
    expect(generation.failure?.code).toBe('upstream_invalid_result');
    expect(transfers).toEqual(['hold', 'release']);
  });

  it('charges delivered images, not ordered ones, and never more than the quote', async () => {
    const two: Step = () => ({
      state: 'finished',
      outputs: [1, 2].map((n) => ({ bytes: new Uint8Array([n]), contentType: '' })),
    });
    const core = await openCore({ providers: [scripted('p', [two])] });
    const caller = await core.customer(10 * PRICE);
    core.worker().start();
    const less = await core.submit(caller, { request: pictures(3), usage: { images: 3 } });
    const more = await core.submit(caller, { usage: { images: 1 } });
    expect((await core.end(less.id)).charged).toBe(2 * PRICE);
    expect((await core.end(more.id)).charged).toBe(PRICE);
    expect((await core.store.transfersOf(less.id)).map(({ type }) => type)).toEqual([
      'hold',
      'capture',
      'release',
    ]);
    expect((await core.store.reconcile()).findings).toEqual([]);
  });

  it('keeps trying to write what was paid for, and does not buy it again', async () => {
    let failures = 2;
    const provider = scripted('paid', []);
    const core = await openCore({
      providers: [provider],
      blobs: (folder) => ({
        ...folder,
        put: (...args) => (failures-- > 0 ? Promise.reject(new Error('no space')) : folder.put(...args)),
      }),
    });
    const { generation } = await outcome(core);
    expect(generation.status).toBe('succeeded');
    expect(provider.calls).toHaveLength(1);
  });

  it('that meets a fault of the program ends all the same, and gives the hold back', async () => {
    const broken: Step = () => {
      throw new TypeError('x is not a function');
    };
    const core = await openCore({ providers: [scripted('p', [broken])] });
    const { generation, transfers } = await outcome(core);
    expect(generation.status).toBe('failed');
    expect(transfers).toEqual(['hold', 'release']);
    expect(await core.store.reconcile()).toMatchObject({ openHolds: 0, findings: [] });
  });

  it('fails at the deadline, even when the provider hangs', async () => {
    const hang: Step = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const core = await openCore({
      providers: [scripted('p', [hang])],
      config: (config) => ({ ...config, deadlines: { ...config.deadlines, image: 50 } }),
    });
    const { generation, attempts, transfers } = await outcome(core);
    expect(generation.failure?.code).toBe('upstream_timeout');
    expect(attempts).toMatchObject([{ error: { raw: 'cut off at the deadline' } }]);
    expect(transfers).toEqual(['hold', 'release']);
  });

  it('delivers at the deadline what was bought until then, and flags what was lost with it', async () => {
    const stopped: Step = ({ signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ...picture, lostCalls: 2 })));
    const core = await openCore({
      providers: [scripted('p', [stopped])],
      config: (config) => ({ ...config, deadlines: { ...config.deadlines, image: 50 } }),
    });
    const { generation, attempts, transfers } = await outcome(core);
    expect(generation.status).toBe('succeeded');
    expect(attempts).toMatchObject([{ outcome: 'succeeded', lostCalls: 2 }]);
    expect(transfers).toEqual(['hold', 'capture']);
  });

  it('counts at the deadline how many calls were lost, where nothing came', async () => {
    const lost = new GenlockError('upstream_failed', undefined, { accepted: 'maybe', lostCalls: 3 });
    const stopped: Step = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(lost)));
    const core = await openCore({
      providers: [scripted('p', [stopped])],
      config: (config) => ({ ...config, deadlines: { ...config.deadlines, image: 50 } }),
    });
    const { generation, attempts } = await outcome(core);
    expect(generation.failure?.code).toBe('upstream_timeout');
    expect(attempts).toMatchObject([{ lostCalls: 3 }]);
  });

  it('stops the call when it is canceled while running, and its late result changes nothing', async () => {
    const { promise: called, resolve } = Promise.withResolvers<void>();
    const { promise: aborted, resolve: abort } = Promise.withResolvers<void>();
    const hang: Step = ({ signal }) => {
      signal.addEventListener('abort', () => abort());
      resolve();
      return aborted.then(() => picture);
    };
    const core = await openCore({ providers: [scripted('p', [hang])] });
    const caller = await core.customer(PRICE);
    const worker = core.worker();
    worker.start();
    const { id } = await core.submit(caller);
    await called;
    expect((await cancel(core, id, 'unfinished')).status).toBe('canceled');
    await aborted;
    await worker.drain(5_000);
    expect(await core.store.generation(id)).toMatchObject({ status: 'canceled', charged: 0 });
    expect(await core.store.balance(caller.account.id)).toMatchObject({
      funds: { permanent: PRICE },
      held: { permanent: 0 },
    });
  });
});

describe('after the worker died', () => {
  /** A generation whose worker died where `leave` left it, with a second process that takes over. */
  async function takeOver(
    providers: TestCoreOptions['providers'],
    leave: (core: TestCore, id: string) => Promise<void>,
  ) {
    const core = await openCore({ providers });
    const caller = await core.customer(10 * PRICE);
    const { id } = await core.submit(caller);
    const now = Date.now();
    await core.store.claim({ worker: 'dead', limit: 1, now, leaseUntil: now + 60_000 });
    await leave(core, id);
    await core.store.renewLeases('dead', Date.now(), [id]); // stands for the time that a lease takes to run out
    core.worker().start();
    const generation = await core.end(id);
    expect((await core.store.reconcile()).findings).toEqual([]);
    return { generation, attempts: await core.store.attempts(id) };
  }
  const intent = (provider: string) => (core: TestCore, generationId: string) =>
    core.store
      .beginAttempt({ generationId, worker: 'dead', n: 1, provider, model: 'm', now: Date.now() })
      .then((mine) => expect(mine).toBe(true));

  it('starts what had not been sent', async () => {
    const provider = scripted('p', []);
    const { generation } = await takeOver([provider], async () => {});
    expect(generation.status).toBe('succeeded');
    expect(provider.calls).toHaveLength(1);
  });

  it('goes on polling what the provider took on, without a second call', async () => {
    const provider = scripted('p', []);
    const { generation } = await takeOver([provider], async (core, generationId) => {
      await intent('p')(core, generationId);
      await core.store.noteUpstreamId({ generationId, worker: 'dead' }, 1, 'up_7');
    });
    expect(generation.status).toBe('succeeded');
    expect(provider.calls).toHaveLength(0);
    expect(provider.polls).toEqual(['up_7']);
  });

  it('knows of calls that the dead one had lost, and makes none of them anew', async () => {
    const failed = { state: 'failed', error: new GenlockError('upstream_failed') } as const;
    const provider = scripted('p', [], {}, { poll: async () => failed });
    const { generation, attempts } = await takeOver([provider], async (core, generationId) => {
      await intent('p')(core, generationId);
      await core.store.noteUpstreamId({ generationId, worker: 'dead' }, 1, 'up_7', 1);
    });
    expect(provider.calls).toHaveLength(0);
    expect(generation.failure?.code).toBe('outcome_unknown');
    expect(attempts).toMatchObject([{ outcome: 'outcome_unknown', lostCalls: 1 }]);
  });

  it('resends an ambiguous call where that costs nothing', async () => {
    const provider = scripted('free', [], { safeToResend: true });
    const { generation, attempts } = await takeOver([provider], intent('free'));
    expect(generation.status).toBe('succeeded');
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['outcome_unknown', 'succeeded']);
  });

  it('never resends an ambiguous paid call: it fails as unknown and the customer is released in full', async () => {
    const provider = scripted('paid', []);
    const { generation, attempts } = await takeOver([provider], intent('paid'));
    expect(provider.calls).toHaveLength(0);
    expect(generation).toMatchObject({ status: 'failed', failure: { code: 'outcome_unknown' }, charged: 0 });
    const raw = expect.stringContaining('the process died during the call');
    expect(attempts).toMatchObject([{ outcome: 'outcome_unknown', error: { raw } }]);
  });

  it('asks a provider that can be asked, and takes up what it finds', async () => {
    const provider = scripted('paid', [], { lookup: true }, { find: async () => ({ upstreamId: 'up_9' }) });
    const { generation } = await takeOver([provider], intent('paid'));
    expect(generation.status).toBe('succeeded');
    expect(provider.calls).toHaveLength(0);
    expect(provider.polls).toEqual(['up_9']);
  });

  it('sends again what the provider says never arrived', async () => {
    const provider = scripted('paid', [], { lookup: true }, { find: async () => 'never_arrived' });
    const { generation } = await takeOver([provider], intent('paid'));
    expect(generation.status).toBe('succeeded');
    expect(provider.calls).toHaveLength(1);
  });
});
