import { describe, expect, it } from 'vitest';
import { BROKEN_OFF } from '../../domain/broken-off.ts';
import {
  admitted,
  FAILED,
  fundedAccount,
  MINUTE,
  newDelivery,
  running,
  START,
  settlement,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const attempt = { provider: 'sandbox', model: 'image-1' };

export function describeWork(open: OpenStore): void {
  describe('work', () => {
    const fresh = freshStores(open);
    const claim = { worker: 'w1', limit: 10, now: START, leaseUntil: START + MINUTE };

    it('claims what is queued, oldest first, up to the limit', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const late = await admitted(store, { accountId, createdAt: START + 2 });
      const early = await admitted(store, { accountId, createdAt: START });
      const middle = await admitted(store, { accountId, createdAt: START + 1 });
      const first = await store.claim({ ...claim, limit: 2, now: START + 5 });
      expect(first.map((c) => c.generation.id)).toEqual([early, middle]);
      expect(first[0]).toMatchObject({
        started: true,
        attempts: [],
        generation: { status: 'running', startedAt: START + 5, updatedAt: START + 5 },
      });
      expect(await store.generation(early)).toEqual(first[0]?.generation);
      const rest = await store.claim({ ...claim, now: START + 5 });
      expect(rest.map((c) => c.generation.id)).toEqual([late]);
      expect(await store.claim({ ...claim, now: START + 5 })).toEqual([]);
    });

    it('claims nothing before its time', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      await admitted(store, { accountId, createdAt: START + 10 });
      expect(await store.claim({ ...claim, now: START + 9 })).toEqual([]);
      expect(await store.claim({ ...claim, now: START + 10 })).toHaveLength(1);
    });

    it('lets another worker claim when the lease ran out, with the attempts so far', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const lease = { generationId: id, worker: 'w1' };
      expect(await store.beginAttempt({ ...lease, ...attempt, n: 1, now: START + 1 })).toBe(true);
      expect(await store.noteUpstreamId(lease, 1, 'up_1')).toBe(true);

      const second = { ...claim, worker: 'w2', leaseUntil: START + 2 * MINUTE };
      expect(await store.claim({ ...second, now: START + MINUTE - 1 })).toEqual([]);
      expect(await store.claim({ ...second, now: START + MINUTE })).toMatchObject([
        {
          started: false,
          generation: { id, status: 'running', startedAt: START },
          attempts: [{ n: 1, ...attempt, upstreamId: 'up_1', outcome: null, startedAt: START + 1 }],
        },
      ]);
    });

    it('ends an attempt and begins the next in one write', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const lease = { generationId: id, worker: 'w1' };
      await store.beginAttempt({ ...lease, ...attempt, n: 1, now: START + 1 });
      const error = { code: 'upstream_failed', raw: 'no' } as const;
      const ended = { n: 1, outcome: 'failed', error } as const;
      const next = { ...lease, provider: 'p2', model: 'm2', n: 2, now: START + 2, ended };
      expect(await store.beginAttempt({ ...next, worker: 'w2' })).toBe(false);
      expect(await store.attempts(id)).toMatchObject([{ n: 1, outcome: null, endedAt: null }]);
      expect(await store.beginAttempt(next)).toBe(true);
      expect(await store.attempts(id)).toMatchObject([
        { n: 1, outcome: 'failed', error, endedAt: START + 2 },
        { n: 2, provider: 'p2', model: 'm2', outcome: null, startedAt: START + 2 },
      ]);
    });

    it('refuses every write under a lost lease', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      await store.claim({ ...claim, worker: 'w2', now: START + MINUTE, leaseUntil: START + 2 * MINUTE });
      const lost = { generationId: id, worker: 'w1' };
      const now = START + MINUTE;
      expect(await store.beginAttempt({ ...lost, ...attempt, n: 1, now })).toBe(false);
      expect(await store.noteUpstreamId(lost, 1, 'up_1')).toBe(false);
      expect(await store.postpone({ ...lost, now, dueAt: now })).toBe(false);
      expect(await store.settle(settlement(id, FAILED, { worker: 'w1' }))).toEqual({
        kind: 'refused',
        status: 'running',
      });
      expect(await store.attempts(id)).toEqual([]);
      expect(await store.settle(settlement(id, FAILED, { worker: 'w2' }))).toEqual({ kind: 'settled' });
    });

    it('begins no call once the time of the lease is over, but takes the news of one that was begun', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const lease = { generationId: id, worker: 'w1' };
      await store.beginAttempt({ ...lease, ...attempt, n: 1, now: START });
      expect(await store.beginAttempt({ ...lease, ...attempt, n: 2, now: START + MINUTE })).toBe(false);
      expect(await store.noteUpstreamId(lease, 1, 'up_1')).toBe(true);
      expect(await store.settle(settlement(id, FAILED, { worker: 'w1', now: START + 2 * MINUTE }))).toEqual({
        kind: 'settled',
      });
    });

    it('renews the leases that a worker names, none that it does not know of and none of another', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const mine = [await running(store, { accountId }), await running(store, { accountId })];
      const unknown = await running(store, { accountId });
      const other = await running(store, { accountId }, 'w2');
      await store.renewLeases('w1', START + 3 * MINUTE, [...mine, other, 'gen_nobody']);
      const late = { ...claim, worker: 'w3', leaseUntil: START + 4 * MINUTE };
      expect((await store.claim({ ...late, now: START + MINUTE })).map((c) => c.generation.id)).toEqual([
        unknown,
        other,
      ]);
      expect((await store.claim({ ...late, now: START + 3 * MINUTE })).map((c) => c.generation.id)).toEqual(
        mine,
      );
    });

    it('gives all leases back at once', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      await store.releaseLeases('w1', START + 5);
      expect(await store.postpone({ generationId: id, worker: 'w1', now: START + 5, dueAt: START })).toBe(
        false,
      );
      const claimed = await store.claim({ ...claim, worker: 'w2', now: START + 5 });
      expect(claimed).toMatchObject([{ started: false, generation: { id, status: 'running' } }]);
    });

    it('tells what the orderly end of a worker broke off from what its death left, and from what is only asked after', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const begin = async (worker: string): Promise<string> => {
        const id = await running(store, { accountId }, worker);
        await store.beginAttempt({ ...attempt, generationId: id, worker, n: 1, now: START });
        return id;
      };
      const [called, ordered, ended, other] = [
        await begin('w1'),
        await begin('w1'),
        await begin('w1'),
        await begin('w2'),
      ];
      await store.noteUpstreamId({ generationId: ordered, worker: 'w1' }, 1, 'up_1');
      const error = { code: 'upstream_failed', raw: null } as const;
      const end = { n: 1, outcome: 'failed', error } as const;
      await store.postpone({ generationId: ended, worker: 'w1', now: START, dueAt: START, attempt: end });
      await store.releaseLeases('w1', START + 5);
      await store.renewLeases('w2', START + 5, [other]);
      const kept = async (id: string) => (await store.attempts(id))[0];
      expect(await kept(called)).toMatchObject({ outcome: null, endedAt: null, error: BROKEN_OFF });
      expect(await kept(ordered)).toMatchObject({ outcome: null, error: null });
      expect(await kept(ended)).toMatchObject({ outcome: 'failed', error });
      expect(await kept(other)).toMatchObject({ outcome: null, error: null });
      await store.claim({ ...claim, worker: 'w3', now: START + 5, leaseUntil: START + MINUTE });
      await store.beginAttempt({ ...attempt, generationId: called, worker: 'w3', n: 1, now: START + 6 });
      expect(await kept(called)).toMatchObject({ outcome: null, error: null });
    });

    it('postpones: ends the attempt, stays running, is due again at its time', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const lease = { generationId: id, worker: 'w1' };
      await store.beginAttempt({ ...lease, ...attempt, n: 1, now: START + 1 });
      const error = { code: 'upstream_rate_limited', raw: '{"status":429}' } as const;
      expect(
        await store.postpone({
          ...lease,
          now: START + 2,
          dueAt: START + 500,
          attempt: { n: 1, outcome: 'failed', error },
        }),
      ).toBe(true);
      expect(await store.attempts(id)).toEqual([
        {
          n: 1,
          ...attempt,
          upstreamId: null,
          outcome: 'failed',
          error,
          cost: null,
          lostCalls: 0,
          startedAt: START + 1,
          endedAt: START + 2,
        },
      ]);
      expect(await store.generation(id)).toMatchObject({ status: 'running' });
      expect(await store.beginAttempt({ ...lease, ...attempt, n: 2, now: START + 3 })).toBe(false);
      expect(await store.nextDue('generations')).toBe(START + 500);
      expect(await store.claim({ ...claim, now: START + 499 })).toEqual([]);
      expect(await store.claim({ ...claim, now: START + 500 })).toHaveLength(1);
      expect(await store.beginAttempt({ ...lease, ...attempt, n: 2, now: START + 501 })).toBe(true);
      expect((await store.attempts(id)).map((a) => a.n)).toEqual([1, 2]);
    });

    it('writes the webhooks of a beginning with it, and none when the lease is lost', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const begin = (worker: string, n: number) =>
        store.beginAttempt({
          ...attempt,
          generationId: id,
          worker,
          n,
          now: START,
          deliveries: [newDelivery({ accountId, generationId: id, event: `started ${worker}` })],
        });
      expect(await begin('w1', 1)).toBe(true);
      expect(await begin('w2', 2)).toBe(false);
      expect((await store.deliveries(id)).map((d) => d.event)).toEqual(['started w1']);
    });

    it('keeps the latest progress, from the lease holder only', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const progress = { percent: 40, metrics: { loss: 0.25 } };
      expect(await store.noteProgress({ generationId: id, worker: 'w1' }, progress)).toBe(true);
      expect(await store.noteProgress({ generationId: id, worker: 'w2' }, { percent: 90, metrics: {} })).toBe(
        false,
      );
      expect(await store.generation(id)).toMatchObject({ progress });
      await store.settle(settlement(id, FAILED));
      expect(await store.noteProgress({ generationId: id, worker: 'w1' }, progress)).toBe(false);
    });

    it('may begin an attempt again that came to nothing, and none that did', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const begin = { generationId: id, worker: 'w1', ...attempt, n: 1, now: START };
      expect(await store.beginAttempt(begin)).toBe(true);
      expect(await store.beginAttempt(begin)).toBe(true);
      await store.noteUpstreamId(begin, 1, 'up_1');
      await expect(store.beginAttempt(begin)).rejects.toThrow();
      expect(await store.attempts(id)).toMatchObject([{ n: 1, upstreamId: 'up_1' }]);
    });

    it('tells when the next work is due, leases included', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      expect(await store.nextDue('generations')).toBeNull();
      const id = await admitted(store, { accountId, createdAt: START + 7 });
      expect(await store.nextDue('generations')).toBe(START + 7);
      await store.claim({ ...claim, now: START + 7 });
      expect(await store.nextDue('generations')).toBe(START + MINUTE);
      await store.settle(settlement(id, FAILED));
      expect(await store.nextDue('generations')).toBeNull();
    });
  });
}
