import type { AccountStore } from '../../port.ts';
import { KeyCache } from '../key-cache.ts';
import { accessRevision } from '../operations/access-revision.ts';
import { accountFunds } from '../operations/ledger.ts';
import { account, key, keyByHash } from '../reads/accounts.ts';
import type { StoreFile } from '../store-file.ts';

export function accountStore(file: StoreFile): AccountStore {
  const keys = new KeyCache(() => file.readNow(accessRevision));
  return {
    createAccount: (account) => file.write('createAccount', account),
    account: (id) => file.read((db) => account(db, id)),
    async updateAccount(id, patch) {
      try {
        return await file.write('updateAccount', { id, patch });
      } finally {
        keys.clear();
      }
    },
    balance: (accountId) => file.read((db) => accountFunds(db, accountId)),
    createKey: (key, sha256) => file.write('createKey', { key, sha256 }),
    key: (id) => file.read((db) => key(db, id)),
    keyByHash: (sha256) => file.readNow((db) => keys.get(sha256, () => keyByHash(db, sha256))),
    async updateKey(id, patch) {
      try {
        return await file.write('updateKey', { id, patch });
      } finally {
        keys.clear();
      }
    },
  };
}
