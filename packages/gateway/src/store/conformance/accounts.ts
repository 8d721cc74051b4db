import { describe, expect, it } from 'vitest';
import type { LimitChanges } from '../port.ts';
import { newAccount, newKey, START, sha256 } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeAccounts(open: OpenStore): void {
  describe('accounts and keys', () => {
    const fresh = freshStores(open);

    it('gives back what was stored, and nothing for unknown ids', async () => {
      const { store } = await fresh();
      const account = newAccount({ limits: { concurrent: 3 }, plan: 'enterprise' });
      await store.createAccount(account);
      expect(await store.account(account.id)).toEqual(account);
      expect(await store.account('acc_unknown')).toBeUndefined();
      expect(await store.balance('acc_unknown')).toBeUndefined();
      expect(await store.balance(account.id)).toEqual({
        funds: { subscription: 0, permanent: 0 },
        held: { subscription: 0, permanent: 0 },
      });
    });

    it('patches only the fields that are named', async () => {
      const { store } = await fresh();
      const account = newAccount({ limits: { concurrent: 3 } });
      await store.createAccount(account);
      expect(await store.updateAccount(account.id, { status: 'paused' })).toEqual({
        ...account,
        status: 'paused',
      });
      expect(await store.updateAccount(account.id, { limits: { unfinished_jobs: 0 } })).toEqual({
        ...account,
        status: 'paused',
        limits: { concurrent: 3, unfinished_jobs: 0 },
      });
      expect(await store.updateAccount(account.id, { limits: { concurrent: null } })).toMatchObject({
        limits: { unfinished_jobs: 0 },
      });
      expect(await store.updateAccount(account.id, { limits: null })).toMatchObject({ limits: {} });
      expect(await store.updateAccount('acc_unknown', { plan: 'free' })).toBeUndefined();
    });

    it('loses no field of two patches at once', async () => {
      const { store } = await fresh();
      const account = newAccount();
      await store.createAccount(account);
      await Promise.all([
        store.updateAccount(account.id, { name: 'New' }),
        store.updateAccount(account.id, { plan: 'free' }),
      ]);
      expect(await store.account(account.id)).toEqual({ ...account, name: 'New', plan: 'free' });
    });

    it('loses no limit of two changes at once, of an account or a key', async () => {
      const { store } = await fresh();
      const account = newAccount({ limits: { concurrent: 3 } });
      const key = newKey({ accountId: account.id, limits: { concurrent: 3 } });
      await store.createAccount(account);
      await store.createKey(key, sha256('secret'));
      for (const change of [
        (limits: LimitChanges) => store.updateAccount(account.id, { limits }),
        (limits: LimitChanges) => store.updateKey(key.id, { limits }),
      ])
        await Promise.all([
          change({ requests_per_minute: 60 }),
          change({ unfinished_jobs: 5 }),
          change({ concurrent: null }),
        ]);
      const limits = { requests_per_minute: 60, unfinished_jobs: 5 };
      expect((await store.account(account.id))?.limits).toEqual(limits);
      expect((await store.key(key.id))?.limits).toEqual(limits);
    });

    it('finds a key with its account by hash', async () => {
      const { store } = await fresh();
      const account = newAccount();
      const key = newKey({
        accountId: account.id,
        allowedIps: ['10.0.0.0/8'],
        limits: { reads_per_minute: 9 },
      });
      const hash = sha256('secret');
      await store.createAccount(account);
      expect(await store.keyByHash(hash)).toBeUndefined();
      await store.createKey(key, hash);
      expect(await store.keyByHash(hash)).toEqual({ key, account });
      expect(await store.key(key.id)).toEqual(key);
      expect(await store.key('key_unknown')).toBeUndefined();
    });

    it('lets a change of a key or its account hold from the next call on', async () => {
      const { store } = await fresh();
      const account = newAccount();
      const key = newKey({ accountId: account.id });
      await store.createAccount(account);
      await store.createKey(key, sha256('secret'));
      for (let round = 0; round < 5; round++) {
        for (const status of ['paused', 'active'] as const) {
          expect(await store.updateKey(key.id, { status })).toEqual({ ...key, status });
          expect((await store.keyByHash(sha256('secret')))?.key.status).toBe(status);
          await store.updateAccount(account.id, { status });
          expect((await store.keyByHash(sha256('secret')))?.account.status).toBe(status);
        }
      }
      expect(await store.updateKey('key_unknown', { status: 'revoked' })).toBeUndefined();
    });

    it('keeps a revoked key revoked, also where it is given a status at the same moment', async () => {
      const { store } = await fresh();
      const account = newAccount();
      await store.createAccount(account);
      const key = newKey({ accountId: account.id });
      await store.createKey(key, sha256('secret'));
      const revoked = { ...key, status: 'revoked' };
      const [first, second] = await Promise.all([
        store.updateKey(key.id, { status: 'revoked' }),
        store.updateKey(key.id, { status: 'active', name: 'again' }),
      ]);
      expect([first, second]).toEqual([revoked, revoked]);
      expect(await store.updateKey(key.id, { status: 'paused' })).toEqual(revoked);
      expect(await store.updateKey(key.id, { status: 'revoked', name: 'gone' })).toMatchObject({
        name: 'gone',
      });
      expect(await store.updateKey(key.id, { name: 'old' })).toMatchObject({
        name: 'old',
        status: 'revoked',
      });
      expect((await store.keyByHash(sha256('secret')))?.key.status).toBe('revoked');
    });

    it('refuses a second account, key or hash of the same name and goes on', async () => {
      const { store } = await fresh();
      const account = newAccount();
      await store.createAccount(account);
      await expect(store.createAccount(account)).rejects.toMatchObject({ code: 'internal_error' });
      const key = newKey({ accountId: account.id });
      await store.createKey(key, sha256('a'));
      await expect(store.createKey(newKey({ accountId: account.id }), sha256('a'))).rejects.toThrow();
      await expect(store.createKey(newKey({ accountId: 'acc_unknown' }), sha256('b'))).rejects.toThrow();
      expect((await store.keyByHash(sha256('a')))?.key.id).toBe(key.id);
      expect((await store.account(account.id))?.createdAt).toBe(START);
    });
  });
}
