import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import type { Provider, TextEvent } from '../../providers/port.ts';
import type { TestCore, TestCoreOptions } from '../../testing/core.ts';
import { openCore } from '../../testing/open-core.ts';
import { scripted } from '../../testing/scripted-provider.ts';
import type { Submission } from '../admission/submission.ts';
import { type InlineRun, runInline } from './inline.ts';

const MILLION = 1_000_000;
const start = (providers: readonly Provider[], options: Partial<TestCoreOptions> = {}): Promise<TestCore> =>
  openCore({ providers, price: { unit: 'token', usd: MILLION }, ...options });

type Code = ConstructorParameters<typeof GenlockError>[0];
type Piece = TextEvent | GenlockError;

const begin: TextEvent = { type: 'start', inputTokens: 10 };
const hello: TextEvent = { type: 'delta', text: 'hello', outputTokens: 5 };
const end: TextEvent = { type: 'end', finishReason: 'stop', inputTokens: 10, outputTokens: 5 };
const error = (code: Code, detail = {}) => new GenlockError(code, undefined, detail);

/** A provider that streams these pieces each time, and records the calls. */
function streams(name: string, pieces: readonly Piece[], capabilities = {}) {
  const attempts: number[] = [];
  const stream: Provider['stream'] = async function* ({ attempt }) {
    attempts.push(attempt);
    for (const piece of pieces) {
      if (piece instanceof GenlockError) throw piece;
      yield piece;
    }
  };
  return { ...scripted(name, [], capabilities, { stream }), attempts };
}

async function submission(core: TestCore): Promise<Submission> {
  const model = core.models.find('stub', 'painter');
  if (model === undefined) throw new Error('no model');
  const messages = [{ role: 'user', content: 'hi' }] as const;
  return {
    caller: await core.customer(10 * MILLION),
    dialect: core.dialect,
    model,
    input: {},
    request: { kind: 'text', messages, maxTokens: 10, temperature: 0, seed: 1 },
    usage: { inputTokens: 10, outputTokens: 10 },
    slots: [],
  };
}

async function read({ generation, events }: InlineRun) {
  const told: string[] = [];
  for await (const event of events) told.push(event.type);
  return { id: generation.id, told };
}

/** The outcome of one call: what was sent, or the error, and what is stored. */
async function outcome(core: TestCore) {
  const wanted = await submission(core);
  const told = await runInline(core, wanted, new AbortController().signal)
    .then(read)
    .then(({ told }) => told.join(' '))
    .catch((thrown: GenlockError) => thrown.code);
  const { data } = await core.store.generations(
    { accountId: wanted.caller.account.id, dialect: 'stub', mode: 'live' },
    1,
  );
  const [generation] = data;
  const attempts = generation === undefined ? [] : await core.store.attempts(generation.id);
  expect(await core.store.reconcile()).toMatchObject({ drift: 0, openHolds: 0, findings: [] });
  return {
    told,
    status: generation?.status,
    failure: generation?.failure?.code,
    charged: generation?.charged,
    attempts: attempts.map(({ provider, outcome }) => `${provider} ${outcome}`),
  };
}

describe('text for a caller who waits', () => {
  it('comes from the next route when the first fails before it told anything', async () => {
    const first = streams('first', [error('upstream_unavailable')]);
    const second = streams('second', [begin, hello, end]);
    expect(await outcome(await start([first, second]))).toEqual({
      told: 'start delta end',
      status: 'succeeded',
      charged: 15,
      attempts: ['first failed', 'second succeeded'],
    });
    expect(second.attempts).toEqual([2]);
  });

  it('is not begun anew once something was told', async () => {
    const first = streams('first', [begin, hello, error('upstream_failed')]);
    const second = streams('second', [begin, hello, end]);
    expect(await outcome(await start([first, second]))).toMatchObject({
      told: 'upstream_failed',
      status: 'failed',
      charged: 15,
      attempts: ['first failed'],
    });
  });

  it('is not ordered a second time where the first call may have to be paid', async () => {
    const second = streams('second', [begin, hello, end]);
    for (const accepted of ['maybe', 'yes']) {
      const first = streams('first', [error('upstream_failed', { accepted })]);
      const core = await start([first, second]);
      expect((await outcome(core)).attempts).toHaveLength(1);
    }
    const keyed = streams('keyed', [error('upstream_failed', { accepted: 'maybe' })], { safeToResend: true });
    expect(await outcome(await start([keyed, second]))).toMatchObject({
      told: 'outcome_unknown',
      attempts: ['keyed outcome_unknown'],
    });
    expect(second.attempts).toEqual([]);
    const free = streams('free', [error('upstream_failed', { accepted: 'maybe' })], { free: true });
    expect((await outcome(await start([free, second]))).status).toBe('succeeded');
  });

  it('that is lost is of unknown fate to everybody, whether or not something was told', async () => {
    const lost = error('upstream_failed', { accepted: 'maybe' });
    for (const [before, charged] of [
      [[], 0],
      [[begin, hello], 15],
    ] as const) {
      expect(await outcome(await start([streams('paid', [...before, lost])]))).toEqual({
        told: 'outcome_unknown',
        status: 'failed',
        failure: 'outcome_unknown',
        charged,
        attempts: ['paid outcome_unknown'],
      });
      const free = await start([streams('free', [...before, lost], { free: true })]);
      expect(await outcome(free)).toMatchObject({ told: 'upstream_failed', failure: 'upstream_failed' });
    }
  });

  it('that its deadline breaks off is of unknown fate as well, and flagged', async () => {
    const stream: Provider['stream'] = async function* ({ signal }) {
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(error('upstream_failed', { accepted: 'maybe' }))),
      );
      yield end;
    };
    const core = await start([scripted('slow', [], {}, { stream })], {
      config: (config) => ({ ...config, deadlines: { ...config.deadlines, text: 50 } }),
    });
    expect(await outcome(core)).toMatchObject({
      told: 'outcome_unknown',
      failure: 'outcome_unknown',
      charged: 0,
      attempts: ['slow outcome_unknown'],
    });
  });

  it.each([
    ['more than it was to write', { inputTokens: 10, outputTokens: 500 }, 20],
    ['more than it was sent', { inputTokens: 1e18, outputTokens: 5 }, 20],
    ['numbers that are none', { inputTokens: Number.NaN, outputTokens: -3 }, 0],
    ['parts of tokens', { inputTokens: 9.6, outputTokens: 4.4 }, 14],
  ])('is charged for what can be true, where its provider counts %s', async (_, counts, charged) => {
    const told: TextEvent = { type: 'end', finishReason: 'stop', ...counts };
    const core = await start([streams('odd', [begin, hello, told])]);
    const wanted = await submission(core);
    const { events, generation } = await runInline(core, wanted, new AbortController().signal);
    const seen: TextEvent[] = [];
    for await (const event of events) seen.push(event);
    const kept = await core.store.generation(generation.id);
    expect(kept).toMatchObject({ status: 'succeeded', charged });
    // If anything is charged, it is what was reported.
    if (charged > 0) expect(seen.at(-1)).toMatchObject(kept?.delivered ?? {});
    expect(await core.store.reconcile()).toMatchObject({ drift: 0, openHolds: 0, findings: [] });
  });

  it('is tried once at each route, within the ceiling of attempts', async () => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => streams(name, [error('upstream_failed')]));
    expect(await outcome(await start(all))).toMatchObject({
      told: 'upstream_failed',
      status: 'failed',
      charged: 0,
      attempts: ['a failed', 'b failed', 'c failed', 'd failed'],
    });
  });

  it('does not go on where the caller has to mend something', async () => {
    const core = await start([streams('first', [error('content_rejected')]), streams('second', [end])]);
    expect(await outcome(core)).toMatchObject({ told: 'content_rejected', attempts: ['first failed'] });
  });

  it('passes over routes that make no text', async () => {
    const core = await start([scripted('pictures', []), streams('words', [begin, hello, end])]);
    expect((await outcome(core)).attempts).toEqual(['pictures failed', 'words succeeded']);
  });

  it('keeps nobody waiting for a route that is left alone, and holds no money for it', async () => {
    const first = streams('first', [error('upstream_unavailable')]);
    const core = await start([first], {
      config: (config) => ({ ...config, routeHealth: { ...config.routeHealth, minCalls: 1 } }),
    });
    expect((await outcome(core)).attempts).toEqual(['first failed']);
    expect(await outcome(core)).toEqual({ told: 'upstream_unavailable', attempts: [] });
    expect(first.attempts).toEqual([1]);
    expect(core.routeBoard.list()).toMatchObject([{ state: 'open', inFlight: 0 }]);
  });

  it('stops where its caller leaves, and holds that against no route', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const stream: Provider['stream'] = async function* ({ signal }) {
      resolve();
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      yield end;
    };
    const second = streams('second', [end]);
    const core = await start([scripted('slow', [], {}, { stream }), second]);
    const caller = new AbortController();
    const running = runInline(core, await submission(core), caller.signal);
    await asked;
    caller.abort();
    await expect(running).rejects.toThrow();
    expect(second.attempts).toEqual([]);
    expect(core.routeBoard.list()).toEqual([]);
  });
});
