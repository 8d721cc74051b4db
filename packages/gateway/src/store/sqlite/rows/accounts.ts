import type { Mode } from '../../../domain/generation.ts';
import type { Account, AccountStatus, ApiKey, KeyStatus, Plan } from '../../port.ts';

export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly status: AccountStatus;
  readonly limits: string;
  readonly created_at: number;
  readonly subscription_funds: number;
  readonly permanent_funds: number;
  readonly subscription_held: number;
  readonly permanent_held: number;
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    plan: row.plan,
    status: row.status,
    limits: JSON.parse(row.limits),
    createdAt: row.created_at,
  };
}

export interface KeyRow {
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly name: string;
  readonly prefix: string;
  readonly status: KeyStatus;
  readonly allowed_origins: string;
  readonly allowed_ips: string;
  readonly limits: string;
  readonly created_at: number;
}

export function toKey(row: KeyRow): ApiKey {
  return {
    id: row.id,
    accountId: row.account_id,
    dialect: row.dialect,
    mode: row.mode,
    name: row.name,
    prefix: row.prefix,
    status: row.status,
    allowedOrigins: JSON.parse(row.allowed_origins),
    allowedIps: JSON.parse(row.allowed_ips),
    limits: JSON.parse(row.limits),
    createdAt: row.created_at,
  };
}
