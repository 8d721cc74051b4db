import { describe, expect, it } from 'vitest';
import { newAuditEntry, START } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeAudit(open: OpenStore): void {
  describe('the audit log', () => {
    const fresh = freshStores(open);

    it('gives back what it was given, of any detail, newest first', async () => {
      const { store, reopen } = await fresh();
      const entries = [null, 'text', { nested: [1, true] }].map((detail, n) =>
        newAuditEntry({ at: START + n, detail }),
      );
      for (const entry of entries) await store.recordAudit(entry);
      const { data, nextCursor } = await (await reopen()).auditEntries({}, 9);
      expect(data.map(({ id, ...entry }) => entry)).toEqual(entries.toReversed());
      expect(new Set(data.map(({ id }) => id)).size).toBe(3);
      expect(nextCursor).toBeNull();
    });

    it('is read by page, by target and by action', async () => {
      const { store } = await fresh();
      for (const target of ['key_1', 'key_2'])
        for (const action of ['key.create', 'key.change'])
          await store.recordAudit(newAuditEntry({ target, action }));
      const told = async (filter: object, cursor?: string) => {
        const page = await store.auditEntries(filter, 2, cursor);
        return { ...page, data: page.data.map(({ target, action }) => `${target} ${action}`) };
      };
      const first = await told({});
      expect(first.data).toEqual(['key_2 key.change', 'key_2 key.create']);
      expect(await told({}, first.nextCursor ?? '')).toEqual({
        data: ['key_1 key.change', 'key_1 key.create'],
        nextCursor: null,
      });
      expect((await told({ target: 'key_1' })).data).toEqual(['key_1 key.change', 'key_1 key.create']);
      expect((await told({ action: 'key.create' })).data).toEqual(['key_2 key.create', 'key_1 key.create']);
      expect((await told({ target: 'key_1', action: 'key.create' })).data).toEqual(['key_1 key.create']);
      expect((await told({ target: 'key_3' })).data).toEqual([]);
      await expect(store.auditEntries({}, 2, 'made-up')).rejects.toMatchObject({ code: 'invalid_parameter' });
    });
  });
}
