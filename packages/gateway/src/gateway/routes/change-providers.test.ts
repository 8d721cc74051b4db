import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import type { PollReply, Provider, ProviderCall, TextEvent } from '../../providers/port.ts';
import type { TestCore } from '../../testing/core.ts';
import { openCore } from '../../testing/open-core.ts';
import { picture, type Step, scripted } from '../../testing/scripted-provider.ts';
import { cancel } from '../cancel.ts';
import { runInline } from '../inline/inline.ts';
import { sweepAbandoned } from '../run/follow-abandoned.ts';

/* What becomes of work under way when the providers change. */

const PRICE = 100_000;
const start = (...providers: Provider[]): Promise<TestCore> =>
  openCore({ providers, routes: [{ provider: 'up', model: 'm' }] });

const running = { state: 'accepted', upstreamId: 'up_1', pollAfterMs: 1 } as const;
const put = (core: TestCore, ...providers: Provider[]): void =>
  core.providers.replace(providers.map((provider) => ({ provider, identity: Math.random() })));

/** A provider whose polls answer as `look` says. */
function jobs(look: NonNullable<Provider['poll']>, more: Partial<Provider> = {}) {
  const asked = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const state = { closed: false };
  const poll: Provider['poll'] = (upstreamId, call) => {
    asked.resolve();
    return look(upstreamId, call);
  };
  const close = async (): Promise<void> => {
    state.closed = true;
    closed.resolve();
  };
  const provider = scripted('up', [() => running], { cancel: true }, { poll, close, ...more });
  return { provider, state, asked: asked.promise, closed: closed.promise };
}

describe('a job under way', () => {
  it.each(['removed', 'changed'])('is followed to its end at a provider that is %s', async (how) => {
    const ending = Promise.withResolvers<PollReply>();
    const { provider, state, asked, closed } = jobs(() => ending.promise);
    const other = scripted('up', []);
    const core = await start(provider);
    core.worker().start();
    const caller = await core.customer(10 * PRICE);
    const { id } = await core.submit(caller);
    await asked;
    put(core, ...(how === 'changed' ? [other] : []));
    expect(state.closed).toBe(false);
    ending.resolve(picture);
    expect((await core.end(id)).status).toBe('succeeded');
    await closed;
    expect(provider.calls).toHaveLength(1);
    expect([other.calls, other.polls]).toEqual([[], []]);

    const next = await core.end((await core.submit(caller)).id);
    expect(next.status).toBe(how === 'changed' ? 'succeeded' : 'failed');
    expect(other.calls).toHaveLength(how === 'changed' ? 1 : 0);
  });

  it('is not ordered again at another one that has the name now, however safe that one is', async () => {
    const called = Promise.withResolvers<void>();
    const lose = Promise.withResolvers<never>();
    const lost: Step = () => {
      called.resolve();
      return lose.promise;
    };
    const core = await start(scripted('up', [lost], { safeToResend: true }));
    const other = scripted('up', [], { safeToResend: true });
    core.worker().start();
    const { id } = await core.submit(await core.customer(PRICE));
    await called.promise;
    put(core, other);
    lose.reject(new GenlockError('upstream_failed', undefined, { accepted: 'maybe' }));
    expect(await core.end(id)).toMatchObject({ status: 'failed', failure: { code: 'outcome_unknown' } });
    expect(other.calls).toEqual([]);
    expect((await core.store.attempts(id)).map(({ outcome }) => outcome)).toEqual(['outcome_unknown']);
  });

  it('is not ordered again there either while it waits to be sent again', async () => {
    const lost: Step = () => {
      put(core, other);
      throw new GenlockError('upstream_failed', undefined, { accepted: 'maybe' });
    };
    const other = scripted('up', [], { safeToResend: true });
    const core = await start(scripted('up', [lost], { safeToResend: true }));
    const { id } = await core.submit(await core.customer(PRICE));
    // As another process would have left it, which considered it safe to resend.
    const now = Date.now();
    const lease = { generationId: id, worker: 'dead' };
    await core.store.claim({ worker: 'dead', limit: 1, now, leaseUntil: now + 60_000 });
    await core.store.beginAttempt({ ...lease, n: 1, provider: 'up', model: 'm', now: now - 1 });
    put(core, other);
    await core.store.postpone({
      ...lease,
      now,
      dueAt: now,
      attempt: { n: 1, outcome: 'outcome_unknown', error: { code: 'upstream_failed', raw: null } },
    });
    core.worker().start();
    expect(await core.end(id)).toMatchObject({ status: 'failed', failure: { code: 'outcome_unknown' } });
    expect(other.calls).toEqual([]);
  });

  it('tries the one that has the name now after a failure of the former one', async () => {
    const wrong: Step = () => {
      put(core, other);
      throw new GenlockError('model_misconfigured', undefined, { accepted: 'no' });
    };
    const other = scripted('up', []);
    const core = await start(scripted('up', [wrong]));
    core.worker().start();
    const { id } = await core.submit(await core.customer(PRICE));
    expect((await core.end(id)).status).toBe('succeeded');
    expect(other.calls).toHaveLength(1);
  });
});

it('an attempt that was given up is followed at the provider that was called, until it is known what became of it', async () => {
  let look = ({ signal }: ProviderCall): Promise<PollReply> =>
    new Promise((_, reject) => signal.addEventListener('abort', reject));
  let canceled = 0;
  const cancelUpstream = async (): Promise<void> => {
    canceled += 1;
  };
  const { provider, state, asked, closed } = jobs((_, call) => look(call), { cancel: cancelUpstream });
  const core = await start(provider);
  const worker = core.worker();
  worker.start();
  const { id } = await core.submit(await core.customer(PRICE));
  await asked;
  look = async () => running;
  put(core);
  await cancel(core, id, 'unfinished');
  await worker.drain(5_000);
  const outcome = async () => (await core.store.attempts(id))[0]?.outcome;
  expect([await outcome(), canceled, state.closed]).toEqual(['abandoned', 1, false]);

  look = async () => ({ state: 'failed', error: new GenlockError('upstream_failed') });
  await sweepAbandoned(core, new Map(), new AbortController().signal, 0);
  expect(await outcome()).toBe('canceled');
  expect(core.providers.keptWork()).toEqual([]);
  await closed;
});

it('a stream goes on at the provider that it began with, which is closed at its end', async () => {
  const more = Promise.withResolvers<void>();
  const isClosed = false;
  const closed = Promise.withResolvers<void>();
  const provider = scripted(
    'up',
    [],
    {},
    {
      async *stream(): AsyncGenerator<TextEvent> {
        yield { type: 'start', inputTokens: 1 };
        await more.promise;
        yield { type: 'delta', text: 'hello', outputTokens: 1 };
        yield { type: 'end', finishReason: 'stop', inputTokens: 1, outputTokens: 1 };
      },
      close: async () => closed.resolve(),
    },
  );
  const core = await start(provider);
  const model = core.models.find('stub', 'painter');
  if (model === undefined) throw new Error('no model');
  const { events } = await runInline(
    core,
    {
      caller: await core.customer(10 * PRICE),
      dialect: core.dialect,
      model: { ...model, price: { unit: 'token', usd: PRICE } },
      input: {},
      request: {
        kind: 'text',
        messages: [{ role: 'user', content: 'hi' }],
        maxTokens: 1,
        temperature: 0,
        seed: 1,
      },
      usage: { inputTokens: 1, outputTokens: 1 },
      slots: [],
    },
    new AbortController().signal,
  );
  put(core);
  expect(isClosed).toBe(false);
  more.resolve();
  const told: string[] = [];
  for await (const event of events) told.push(event.type);
  expect(told).toEqual(['start', 'delta', 'end']);
  await closed.promise;
});
