import { describe, expect, it } from 'vitest';
import { START } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeSettings(open: OpenStore): void {
  describe('model overrides and audit', () => {
    const fresh = freshStores(open);

    it('keeps one override per model, replaces it, and drops an empty one', async () => {
      const { store } = await fresh();
      expect(await store.modelOverrides()).toEqual([]);
      const kiara = { dialect: 'kiara', model: 'a/b' };
      await store.saveModelOverride({ ...kiara, patch: { status: 'paused', billable: false } });
      await store.saveModelOverride({ dialect: 'getimg', model: 'a/b', patch: { inputField: null } });
      await store.saveModelOverride({ ...kiara, patch: { routes: [] } });
      expect(await store.modelOverrides()).toEqual([
        { dialect: 'getimg', model: 'a/b', patch: { inputField: null } },
        { ...kiara, patch: { routes: [] } },
      ]);
      await store.saveModelOverride({ ...kiara, patch: {} });
      expect(await store.modelOverrides()).toHaveLength(1);
    });

    it('takes audit entries of any detail', async () => {
      const { store } = await fresh();
      for (const detail of [null, 'text', { nested: [1, true] }])
        await store.recordAudit({ at: START, action: 'key.revoked', target: 'key_1', detail });
    });
  });
}
