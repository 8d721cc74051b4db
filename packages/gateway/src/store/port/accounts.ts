import type { Funds } from '../../domain/funds.ts';
import type { Mode } from '../../domain/generation.ts';

export const PLANS = ['free', 'starter', 'pro', 'enterprise'] as const;
export type Plan = (typeof PLANS)[number];
export type AccountStatus = 'active' | 'paused';
export type KeyStatus = 'active' | 'paused' | 'revoked';

export const LIMIT_NAMES = [
  'requests_per_minute',
  'reads_per_minute',
  'video_requests_per_minute',
  'concurrent',
  'unfinished_jobs',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];
export type Limits = { readonly [name in LimitName]?: number };

/** New values of some limits; null takes one back to the default. */
export type LimitChanges = { readonly [name in LimitName]?: number | null };

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly status: AccountStatus;
  readonly limits: Limits;
  readonly createdAt: number;
}

export interface Balance {
  /** Money of the account, held or not. */
  readonly funds: Funds;
  readonly held: Funds;
}

/** An API key without its secret: only the SHA-256 of that is stored. */
export interface ApiKey {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly name: string;
  /** The first characters, to recognise it by in a list. */
  readonly prefix: string;
  readonly status: KeyStatus;
  readonly allowedOrigins: readonly string[];
  readonly allowedIps: readonly string[];
  readonly limits: Limits;
  readonly createdAt: number;
}

export interface KeyWithAccount {
  readonly key: ApiKey;
  readonly account: Account;
}

/** Limits are changed one by one, null takes all of them back: of two changes at once neither loses the other's. */
interface WithLimitChanges {
  readonly limits?: LimitChanges | null;
}
export type AccountPatch = WithLimitChanges & {
  readonly [field in 'name' | 'plan' | 'status']?: Account[field];
};
export type KeyPatch = WithLimitChanges & {
  readonly [field in 'name' | 'status' | 'allowedOrigins' | 'allowedIps']?: ApiKey[field];
};

/** Accounts, and the keys of each. */
export interface AccountStore {
  createAccount(account: Account): Promise<void>;
  account(id: string): Promise<Account | undefined>;
  updateAccount(id: string, patch: AccountPatch): Promise<Account | undefined>;
  balance(accountId: string): Promise<Balance | undefined>;
  createKey(key: ApiKey, sha256: string): Promise<void>;
  key(id: string): Promise<ApiKey | undefined>;
  /**
   * The hot path of every request, and so plain where the answer is at hand: an await costs more than a look into a cache. A change by
   * {@link updateKey} or {@link updateAccount} holds from the next call on.
   */
  keyByHash(sha256: string): KeyWithAccount | undefined | Promise<KeyWithAccount | undefined>;
  /** The key as it is then: as it was, where a key that was revoked is given another status, which is refused whole. */
  updateKey(id: string, patch: KeyPatch): Promise<ApiKey | undefined>;
}
