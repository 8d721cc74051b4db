import { expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { startTestCore } from '../../testing/core.ts';
import { picture, scripted } from '../../testing/scripted-provider.ts';
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
