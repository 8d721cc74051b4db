import { afterEach, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../../testing/core.ts';
import { picture, type Step, scripted } from '../../testing/scripted-provider.ts';

let core: TestCore | undefined;
afterEach(() => core?.close());

const MINUTE = 60_000;

/** A call that stays under way until the test ends it, and then gives the plain result. */
function underWay() {
  const began = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const step: Step = async () => {
    began.resolve();
    await end.promise;
    return picture;
  };
  return { began: began.promise, end: end.resolve, step };
}

it('does not take up what it runs itself when the clock jumps over the lease', async () => {
  let jump = 0;
  const call = underWay();
  const provider = scripted('paid', [call.step, () => picture]);
  core = await startTestCore({ providers: [provider], now: () => Date.now() + jump });
  const caller = await core.customer(1_000_000);
  core.worker().start();
  const first = await core.submit(caller);
  await call.began;
  jump = MINUTE;
  // Claimed after whatever has run out.
  const second = await core.submit(caller);
  await core.end(second.id);
  call.end();
  expect((await core.end(first.id)).status).toBe('succeeded');
  expect(provider.calls).toHaveLength(2);
  expect(await core.store.attempts(first.id)).toMatchObject([{ n: 1, outcome: 'succeeded' }]);
});

it('goes on when the clock goes back', async () => {
  let jump = 0;
  const call = underWay();
  core = await startTestCore({
    providers: [scripted('paid', [call.step, () => picture])],
    now: () => Date.now() + jump,
  });
  const caller = await core.customer(1_000_000);
  core.worker().start();
  const first = await core.submit(caller);
  await call.began;
  jump = -60 * MINUTE;
  const second = await core.submit(caller);
  expect((await core.end(second.id)).status).toBe('succeeded');
  call.end();
  expect((await core.end(first.id)).status).toBe('succeeded');
  expect(await core.store.reconcile()).toMatchObject({ drift: 0, openHolds: 0, findings: [] });
});

it('fails, and releases, what a jump has carried beyond its deadline', async () => {
  let jump = 0;
  core = await startTestCore({ providers: [scripted('paid', [])], now: () => Date.now() + jump });
  const caller = await core.customer(1_000_000);
  const { id } = await core.submit(caller);
  jump = 60 * MINUTE;
  core.worker().start();
  expect((await core.end(id)).failure?.code).toBe('upstream_timeout');
  expect((await core.store.transfersOf(id)).map(({ type }) => type)).toEqual(['hold', 'release']);
});
