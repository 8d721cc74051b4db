import { expect, it } from 'vitest';
import type { Config } from '../../config/config.ts';
import { textsOf } from '../../domain/request.ts';
import { openCore } from '../../testing/open-core.ts';
import { picture, scripted } from '../../testing/scripted-provider.ts';
import { cancel } from '../cancel.ts';

const PRICE = 100_000;
const onePlace = (plain: Config) => ({
  ...plain,
  worker: { ...plain.worker, concurrency: 1 },
});

it('lets others work while it waits for the next poll, and hears of a cancel all the same', async () => {
  const provider = scripted('p', [
    () => ({ state: 'accepted', upstreamId: 'up_1', pollAfterMs: 600_000 }),
    () => picture,
  ]);
  const core = await openCore({ providers: [provider], config: onePlace });
  core.worker().start();
  const slow = await core.submit(await core.customer(PRICE));
  const quick = await core.submit(await core.customer(PRICE));
  expect((await core.end(quick.id)).status).toBe('succeeded');
  expect((await core.store.attempts(slow.id))[0]).toMatchObject({ upstreamId: 'up_1', outcome: null });
  await cancel(core, slow.id, 'unfinished');
  expect((await core.end(slow.id)).status).toBe('canceled');
});

it('ends at its deadline what waits, and what waits for a place', async () => {
  const held = Promise.withResolvers<void>();
  const onIt = { state: 'accepted', upstreamId: 'up_1', pollAfterMs: 20 } as const;
  const provider = scripted(
    'p',
    [
      () => onIt,
      async () => {
        await held.promise;
        return picture;
      },
    ],
    {},
    { poll: async () => onIt },
  );
  const core = await openCore({
    providers: [provider],
    config: (plain) => ({ ...onePlace(plain), deadlines: { ...plain.deadlines, image: 1_000 } }),
  });
  core.worker().start();
  const first = await core.submit(await core.customer(PRICE));
  await core.submit(await core.customer(PRICE));
  expect(await core.end(first.id)).toMatchObject({ status: 'failed', failure: { code: 'upstream_timeout' } });
  held.resolve();
});

it('takes the work of others before more of one account that has its share of the places', async () => {
  const gate = Promise.withResolvers<void>();
  const provider = scripted('p', [
    async ({ request }) => {
      if (textsOf(request).includes('one of many')) await gate.promise;
      return picture;
    },
  ]);
  const core = await openCore({
    providers: [provider],
    config: (plain) => ({ ...plain, worker: { ...plain.worker, concurrency: 4, accountShare: 0.75 } }),
  });
  const many = await core.customer(20 * PRICE);
  const request = { kind: 'image', prompt: 'one of many', count: 1, format: 'png', seed: 1 } as const;
  for (let n = 0; n < 20; n += 1) await core.submit(many, { request });
  core.worker().start();
  const other = await core.submit(await core.customer(PRICE));
  expect((await core.end(other.id)).status).toBe('succeeded');
  expect(provider.calls).toHaveLength(4);
  gate.resolve();
});
