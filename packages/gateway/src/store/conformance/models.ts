import { describe, expect, it } from 'vitest';
import type { ModelChanges, ModelPatch, PublishedModel } from '../port.ts';
import { fundedAccount, running, START, settlement, succeeded } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeModels(open: OpenStore): void {
  describe('models and audit', () => {
    const fresh = freshStores(open);

    it('keeps one override per model, changes it field by field, and drops an empty one', async () => {
      const { store } = await fresh();
      expect(await store.modelOverrides()).toEqual([]);
      const kiara = { dialect: 'kiara', model: 'a/b' };
      const change = (changes: ModelChanges | null) => store.changeModelOverride('kiara', 'a/b', changes);
      expect(await change({ status: 'paused', billable: false })).toEqual({
        status: 'paused',
        billable: false,
      });
      expect(await store.changeModelOverride('getimg', 'a/b', { inputField: null })).toEqual({
        inputField: null,
      });
      expect(await change({ routes: [], billable: null })).toEqual({ status: 'paused', routes: [] });
      expect(await store.modelOverrides()).toEqual([
        { dialect: 'getimg', model: 'a/b', patch: { inputField: null } },
        { ...kiara, patch: { status: 'paused', routes: [] } },
      ]);
      expect(await change(null)).toEqual({});
      expect(await store.modelOverrides()).toHaveLength(1);
    });

    it('loses no field of two changes of a model at once', async () => {
      const { store } = await fresh();
      await Promise.all([
        store.changeModelOverride('kiara', 'a', { status: 'paused' }),
        store.changeModelOverride('kiara', 'a', { billable: false }),
      ]);
      expect(await store.modelOverrides()).toMatchObject([{ patch: { status: 'paused', billable: false } }]);
    });

    it('changes an override of which somebody knows the routes only while they are those', async () => {
      const { store } = await fresh();
      const to = (model: string) => ({ routes: [{ provider: 'p', model }] });
      const change = (model: string, onlyIf: Pick<ModelPatch, 'routes'>) =>
        store.changeModelOverride('kiara', 'a', to(model), onlyIf);
      expect(await change('x', to('y'))).toBeUndefined();
      expect(await store.modelOverrides()).toEqual([]);
      const both = await Promise.all([change('x', {}), change('y', {})]);
      expect(both).toEqual([to('x'), undefined]);
      expect(await change('z', {})).toBeUndefined();
      expect(await change('z', to('x'))).toEqual(to('z'));
      expect(await store.modelOverrides()).toMatchObject([{ patch: to('z') }]);
    });

    it('publishes a model with the success that made it, for its account', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const model = (id: string): PublishedModel => ({
        dialect: 'llmtune',
        id,
        accountId,
        name: 'my model',
        kind: 'text',
        base: 'meta/llama',
        route: { provider: 'sandbox', model: `trained/${id}` },
        createdAt: START,
      });
      for (const id of ['b', 'a']) {
        const generation = await running(store, { accountId });
        const outcome = { ...succeeded(1), publish: model(id) };
        expect(await store.settle(settlement(generation, outcome))).toEqual({ kind: 'settled' });
        expect(await store.settle(settlement(generation, outcome))).toMatchObject({ kind: 'refused' });
      }
      expect(await store.publishedModel('llmtune', 'a')).toEqual(model('a'));
      expect(await store.publishedModels(accountId, 'llmtune')).toEqual([model('b'), model('a')]);
      expect(await store.publishedModel('kiara', 'a')).toBeUndefined();
      expect(await store.publishedModels('acc_unknown', 'llmtune')).toEqual([]);
    });
  });
}
