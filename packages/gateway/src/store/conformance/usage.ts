import { describe, expect, it } from 'vitest';
import type { Usage } from '../../domain/pricing.ts';
import type { SettleOutcome } from '../port.ts';
import {
  type AdmitOverrides,
  admitted,
  CANCELED,
  FAILED,
  fundedAccount,
  START,
  settlement,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeUsage(open: OpenStore): void {
  describe('usage', () => {
    const fresh = freshStores(open);
    const period = { mode: 'live', from: START, to: START + 1000 } as const;

    it('is nothing for who did nothing', async () => {
      const { store } = await fresh();
      expect(await store.usage({ ...period, accountId: 'acc_unknown' })).toEqual({
        models: [],
        latencies: { p50: 0, p95: 0, p99: 0 },
      });
    });

    it('adds up what was asked for in the period, by model', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const text = { accountId, dialect: 'llmtune', model: 'llama', kind: 'text' } as const;
      const start = { worker: 'w', leaseUntil: START + 9999, provider: 'p', model: 'm' };
      const run = async (overrides: AdmitOverrides, outcome: SettleOutcome, delivered?: Usage, ms = 100) => {
        const createdAt = overrides.createdAt ?? START;
        const id = await admitted(store, { ...overrides, createdAt, start });
        await store.settle(
          settlement(id, delivered === undefined ? outcome : { ...outcome, delivered }, {
            now: createdAt + ms,
          }),
        );
        return id;
      };
      const gone = await run(text, succeeded(4), { inputTokens: 10, outputTokens: 5 });
      await store.deleteGeneration(gone, START);
      await run(text, FAILED, { inputTokens: 1 });
      await run({ ...text, createdAt: START + 999 }, CANCELED);
      await run({ ...text, createdAt: START - 1 }, succeeded(9));
      await run({ ...text, createdAt: START + 1000 }, succeeded(9));
      await run({ ...text, mode: 'test', quote: 0 }, succeeded(0));
      await run({ accountId, model: 'video', kind: 'video' }, succeeded(10), { seconds: 2.5, images: 1 });
      await admitted(store, { accountId, model: 'video', kind: 'video' });

      const none = { inputTokens: 0, outputTokens: 0, images: 0, seconds: 0, characters: 0 };
      const video = { dialect: 'kiara', model: 'video', kind: 'video', requests: 2, failed: 0, charged: 10 };
      const llama = { dialect: 'llmtune', model: 'llama', kind: 'text', requests: 3, failed: 1, charged: 4 };
      const all = await store.usage({ ...period, accountId });
      expect(all.models).toEqual([
        { ...none, ...video, images: 1, seconds: 2.5 },
        { ...none, ...llama, inputTokens: 11, outputTokens: 5 },
      ]);
      const { models } = await store.usage({ ...period, accountId, dialect: 'llmtune' });
      expect(models).toEqual(all.models.slice(1));
    });

    it('tells by nearest rank how long they took', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      for (let i = 1; i <= 100; i++) {
        const id = await admitted(store, { accountId, quote: 0, createdAt: START + i });
        await store.settle(settlement(id, FAILED, { now: START + i + i * 10 }));
      }
      const { latencies } = await store.usage({ ...period, accountId });
      expect(latencies).toEqual({ p50: 500, p95: 950, p99: 990 });
    });
  });
}
