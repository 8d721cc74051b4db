import { describe, expect, it } from 'vitest';
import type { AttemptOutcome } from '../../domain/generation.ts';
import type { Store } from '../port.ts';
import {
  CANCELED,
  FAILED,
  fundedAccount,
  MINUTE,
  running,
  START,
  settlement,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const error = { code: 'upstream_timeout', raw: 'too slow' } as const;

async function begun(store: Store, upstreamId?: string): Promise<string> {
  const accountId = await fundedAccount(store);
  const id = await running(store, { accountId });
  const lease = { generationId: id, worker: 'w1' };
  await store.beginAttempt({ ...lease, n: 1, provider: 'p', model: 'm', now: START + 1 });
  if (upstreamId !== undefined) await store.noteUpstreamId(lease, 1, upstreamId);
  return id;
}

/** A generation that failed under its worker, with one attempt that ended with `outcome`. */
async function failed(store: Store, outcome: AttemptOutcome, upstreamId?: string): Promise<string> {
  const id = await begun(store, upstreamId);
  await store.settle(settlement(id, FAILED, { worker: 'w1', attempt: { n: 1, outcome, error } }));
  return id;
}

export function describeFlaggedAttempts(open: OpenStore): void {
  describe('flagged attempts', () => {
    const fresh = freshStores(open);

    it('are those that may have cost money and brought nothing, newest first', async () => {
      const { store } = await fresh();
      const first = await failed(store, 'outcome_unknown');
      await failed(store, 'failed');
      const second = await failed(store, 'outcome_unknown', 'up_2');
      const left = await failed(store, 'abandoned');
      const { data, nextCursor } = await store.flaggedAttempts('outcome_unknown', 9);
      expect(nextCursor).toBeNull();
      expect(data.map(({ generation }) => generation.id)).toEqual([second, first]);
      const generation = await store.generation(second);
      expect(data[0]).toEqual({
        ...{ n: 1, provider: 'p', model: 'm', upstreamId: 'up_2', outcome: 'outcome_unknown', error },
        ...{ cost: null, lostCalls: 0, startedAt: START + 1, endedAt: START + 1000 },
        generation: {
          id: second,
          accountId: generation?.accountId,
          dialect: 'kiara',
          mode: 'live',
          model: generation?.model,
          status: 'failed',
          quote: generation?.quote,
          finishedAt: START + 1000,
        },
      });
      expect((await store.flaggedAttempts('abandoned', 9)).data).toMatchObject([
        { generation: { id: left }, endedAt: null, error },
      ]);
      expect((await store.flaggedAttempts('late', 9)).data).toEqual([]);
    });

    it('are those that succeeded as well, where some of their calls were lost', async () => {
      const { store } = await fresh();
      const unknown = await failed(store, 'outcome_unknown');
      const some = await begun(store);
      expect((await store.flaggedAttempts('outcome_unknown', 9)).data).toHaveLength(1);
      const end = { n: 1, outcome: 'succeeded', error: null } as const;
      const attempt = { ...end, cost: 40_000, lostCalls: 2 };
      await store.settle(settlement(some, succeeded(4), { worker: 'w1', attempt }));
      const whole = await begun(store);
      await store.settle(settlement(whole, succeeded(4), { worker: 'w1', attempt: end }));
      const { data } = await store.flaggedAttempts('outcome_unknown', 9);
      expect(data).toMatchObject([
        { generation: { id: some }, outcome: 'succeeded', cost: 40_000, lostCalls: 2 },
        { generation: { id: unknown }, outcome: 'outcome_unknown', cost: null, lostCalls: 0 },
      ]);
      expect((await store.flaggedAttempts('late', 9)).data).toEqual([]);
    });

    it('keep what was lost while a job was ordered, whoever sees to its end', async () => {
      const { store } = await fresh();
      const id = await begun(store);
      const lease = { generationId: id, worker: 'w1' };
      expect(await store.noteUpstreamId(lease, 1, 'up_1', 1)).toBe(true);
      expect(await store.attempts(id)).toMatchObject([{ upstreamId: 'up_1', lostCalls: 1, outcome: null }]);
      // What is still under way is not flagged.
      expect((await store.flaggedAttempts('outcome_unknown', 9)).data).toEqual([]);
      const attempt = { n: 1, outcome: 'failed', error } as const;
      await store.postpone({ ...lease, now: START + 2, dueAt: START + 3, attempt });
      expect((await store.flaggedAttempts('outcome_unknown', 9)).data).toMatchObject([
        { generation: { id }, outcome: 'failed', lostCalls: 1 },
      ]);
    });

    it('are paged, with several of one generation', async () => {
      const { store } = await fresh();
      const older = await failed(store, 'outcome_unknown');
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      for (let n = 1; n <= 3; n += 1) {
        const now = START + n;
        await store.beginAttempt({ generationId: id, worker: 'w1', n, provider: 'p', model: 'm', now });
        const attempt = { n, outcome: 'outcome_unknown', error } as const;
        await store.postpone({ generationId: id, worker: 'w1', now, dueAt: now, attempt });
        await store.claim({ worker: 'w1', limit: 1, now, leaseUntil: START + MINUTE });
      }
      const seen: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await store.flaggedAttempts('outcome_unknown', 2, cursor);
        seen.push(...page.data.map(({ generation, n }) => `${generation.id} ${n}`));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(seen).toEqual([`${id} 3`, `${id} 2`, `${id} 1`, `${older} 1`]);
    });

    it('are left behind where a generation is ended from outside', async () => {
      const { store } = await fresh();
      const id = await begun(store, 'up_1');
      expect(await store.settle(settlement(id, CANCELED))).toEqual({ kind: 'settled' });
      expect(await store.attempts(id)).toMatchObject([
        { outcome: 'abandoned', upstreamId: 'up_1', endedAt: null, error: null },
      ]);
    });

    it('keep their end where they had one', async () => {
      const { store } = await fresh();
      const id = await begun(store);
      const lease = { generationId: id, worker: 'w1' };
      const attempt = { n: 1, outcome: 'failed', error } as const;
      await store.postpone({ ...lease, now: START + 2, dueAt: START + 3, attempt });
      await store.settle(settlement(id, CANCELED));
      expect(await store.attempts(id)).toMatchObject([{ outcome: 'failed' }]);
    });

    it('are resolved once something is found out, and then stay as they are', async () => {
      const { store } = await fresh();
      const id = await failed(store, 'abandoned');
      const found = { generationId: id, n: 1, now: START + MINUTE };
      expect(await store.resolveAttempt({ ...found, outcome: 'abandoned', upstreamId: 'up_9' })).toBe(true);
      expect(await store.attempts(id)).toMatchObject([
        { outcome: 'abandoned', upstreamId: 'up_9', endedAt: null },
      ]);
      expect(
        await store.resolveAttempt({ ...found, outcome: 'late', upstreamId: 'up_0', cost: 30_000 }),
      ).toBe(true);
      expect(await store.attempts(id)).toMatchObject([
        { outcome: 'late', upstreamId: 'up_9', cost: 30_000, endedAt: START + MINUTE, error },
      ]);
      expect(await store.resolveAttempt({ ...found, outcome: 'canceled' })).toBe(false);
      expect(await store.resolveAttempt({ ...found, generationId: 'gen_x', outcome: 'late' })).toBe(false);
    });

    it('may turn out better than nobody could tell, but what succeeded or failed does not change', async () => {
      const { store } = await fresh();
      const unknown = await failed(store, 'outcome_unknown');
      const canceled = { n: 1, outcome: 'canceled', now: START + MINUTE } as const;
      expect(await store.resolveAttempt({ generationId: unknown, ...canceled })).toBe(true);
      const lost = await failed(store, 'failed');
      expect(await store.resolveAttempt({ generationId: lost, ...canceled })).toBe(false);
      const done = await begun(store);
      expect(await store.resolveAttempt({ generationId: done, ...canceled })).toBe(false);
      const attempt = { n: 1, outcome: 'succeeded', error: null } as const;
      await store.settle(settlement(done, succeeded(1), { worker: 'w1', attempt }));
      expect(await store.resolveAttempt({ generationId: done, ...canceled })).toBe(false);
    });
  });
}
