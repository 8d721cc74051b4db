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

/** New values of some limits; null resets one to its default. */
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
  /** All money of the account, including what is held. */
  readonly funds: Funds;
  readonly held: Funds;
}

/** An API key. The secret itself is not stored, only its SHA-256. */
export interface ApiKey {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly name: string;
  /** The first characters of the secret, to recognise the key in a list. */
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

/** Limits are merged one by one, so that of two simultaneous changes neither undoes the other. null resets all of them. */
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
   * On the hot path of every request, so it answers without a promise if it can: an await costs more than a cache look-up. A change by
   * {@link updateKey} or {@link updateAccount} applies from the next call on.
   */
  keyByHash(sha256: string): KeyWithAccount | undefined | Promise<KeyWithAccount | undefined>;
  /**
   * Returns the key as it then is. If the key is revoked and the patch gives it another status, the whole patch is refused and the key is
   * returned unchanged.
   */
  updateKey(id: string, patch: KeyPatch): Promise<ApiKey | undefined>;
}
