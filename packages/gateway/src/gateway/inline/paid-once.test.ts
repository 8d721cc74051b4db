import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { isTerminal } from '../../domain/generation.ts';
import type { Provider, ProviderCapabilities, TextEvent } from '../../providers/port.ts';
import { startTestCore, type TestCore } from '../../testing/core.ts';
import { scripted } from '../../testing/scripted-provider.ts';
import type { Caller } from '../accounts/authenticate.ts';
import { runInline } from './inline.ts';

/* The promises of paid-once.test.ts, for inline calls. */

const MAX_ATTEMPTS = 4;
const CODES = [
  'upstream_failed',
  'upstream_rate_limited',
  'model_misconfigured',
  'content_rejected',
] as const;

/** What one call does: this many words, and then an error or its end. */
interface Act {
  readonly words: number;
  readonly error?: (typeof CODES)[number];
  readonly accepted: 'no' | 'maybe' | 'yes';
}

const act: fc.Arbitrary<Act> = fc.record(
  {
    words: fc.nat(2),
    error: fc.constantFrom(...CODES),
    accepted: fc.constantFrom('no' as const, 'no' as const, 'maybe' as const, 'yes' as const),
  },
  { requiredKeys: ['words', 'accepted'] },
);

const KINDS: Readonly<Record<string, Partial<ProviderCapabilities>>> = {
  paid: {},
  keyed: { safeToResend: true },
  free: { free: true },
};

const stage = { acts: [] as readonly Act[], made: [] as { provider: string; act: Act }[] };

function actor(name: string): Provider {
  const stream: Provider['stream'] = async function* (): AsyncGenerator<TextEvent> {
    const next = stage.acts[stage.made.length] ?? { words: 1, accepted: 'no' };
    stage.made.push({ provider: name, act: next });
    for (let outputTokens = 1; outputTokens <= next.words; outputTokens += 1)
      yield { type: 'delta', text: 'word ', outputTokens };
    if (next.error !== undefined)
      throw new GenlockError(next.error, undefined, { accepted: next.accepted, retryAfterMs: 1 });
    yield { type: 'end', finishReason: 'stop', inputTokens: 1, outputTokens: next.words };
  };
  return scripted(name, [], KINDS[name], { stream });
}

let core: TestCore;
let caller: Caller;
beforeAll(async () => {
  core = await startTestCore({
    providers: Object.keys(KINDS).map(actor),
    price: { unit: 'token', usd: 1_000_000 },
    config: (config) => ({
      ...config,
      retries: { ...config.retries, maxAttempts: MAX_ATTEMPTS, baseDelayMs: 1 },
      // Without route health, because a call that it refuses makes no attempt.
      routeHealth: { ...config.routeHealth, failureRatio: 2, restMs: 0 },
    }),
  });
  caller = await core.customer(1_000_000_000);
});
afterAll(() => core.close());

it('buys at most once for a caller who waits, and never begins anew once something was told', async () => {
  const model = core.models.find('stub', 'painter');
  if (model === undefined) throw new Error('no model');
  const messages = [{ role: 'user', content: 'hi' }] as const;
  const text = {
    ...{ caller, dialect: core.dialect, input: {}, slots: [], usage: { inputTokens: 1, outputTokens: 9 } },
    request: { kind: 'text', messages, maxTokens: 9, temperature: 0, seed: 1 },
  } as const;
  const provider = fc.constantFrom(...Object.keys(KINDS));
  await fc.assert(
    fc.asyncProperty(
      fc.array(provider, { minLength: 1, maxLength: 6 }),
      fc.array(act, { maxLength: MAX_ATTEMPTS }),
      async (providers, acts) => {
        Object.assign(stage, { acts, made: [] });
        const routes = providers.map((name) => ({ provider: name, model: 'm' }));
        const call = runInline(core, { ...text, model: { ...model, routes } }, new AbortController().signal);
        const told = await call
          .then(async ({ events }) => {
            for await (const _ of events);
          })
          .catch(() => 'failed');

        expect(stage.made.length).toBeLessThanOrEqual(Math.min(MAX_ATTEMPTS, providers.length));
        for (const { provider: name, act: done } of stage.made.slice(0, -1)) {
          expect(done.words).toBe(0);
          expect(name === 'free' || done.accepted === 'no' || name === 'keyed').toBe(true);
        }
        const bound = stage.made.findIndex(
          ({ provider: name, act: done }) => name === 'keyed' && done.error && done.accepted !== 'no',
        );
        if (bound >= 0) expect(stage.made.slice(bound).every((made) => made.provider === 'keyed')).toBe(true);

        const filter = { accountId: caller.account.id, dialect: 'stub', mode: 'live' } as const;
        const [generation] = (await core.store.generations(filter, 1)).data;
        expect(generation && isTerminal(generation.status)).toBe(true);
        expect(generation?.status).toBe(told === 'failed' ? 'failed' : 'succeeded');
        const attempts = await core.store.attempts(generation?.id ?? '');
        expect(attempts.map(({ provider: name }) => name)).toEqual(stage.made.map((made) => made.provider));
        expect(attempts.every(({ outcome }) => outcome !== null)).toBe(true);
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );
  expect(await core.store.reconcile()).toMatchObject({ drift: 0, openHolds: 0, findings: [] });
}, 60_000);
