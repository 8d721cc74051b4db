import { GenlockError } from '../../domain/error.ts';
import { NO_FUNDS, subtract, total } from '../../domain/funds.ts';
import type { Micros } from '../../domain/money.ts';
import type {
  Account,
  AccountPatch,
  Balance,
  LimitChanges,
  Limits,
  Page,
  Plan,
  Transfer,
} from '../../store/port.ts';
import type { Core } from '../core.ts';
import { newId } from '../ids.ts';
import { openHouse } from './house-account.ts';
import { type TopUp, topUp } from './top-up.ts';

export const DEFAULT_PLAN: Plan = 'pro';

export interface NewAccount {
  readonly name: string;
  readonly plan: Plan;
  /** The account's opening credit, which goes into the permanent bucket. */
  readonly credit: Micros;
  readonly limits: Limits;
}

export interface AccountWithBalance {
  readonly account: Account;
  readonly balance: Balance;
}

/** What may be changed of an account; null resets to the default. */
export interface AccountChange {
  readonly name?: string;
  readonly plan?: Plan | null;
  readonly status?: Account['status'] | null;
  readonly limits?: LimitChanges | null;
}

/** Opens an account. Its opening credit is a transfer like any other, so that the ledger explains every cent. */
export async function createAccount(
  core: Core,
  { name, plan, credit, limits }: NewAccount,
): Promise<AccountWithBalance> {
  const createdAt = core.now();
  const account: Account = {
    id: newId('acct_', createdAt),
    name,
    plan,
    status: 'active',
    limits,
    createdAt,
  };
  await core.store.createAccount(account);
  if (credit > 0)
    await topUp(core, { accountId: account.id, amount: credit, bucket: 'permanent', reference: null });
  return { account, balance: { funds: { ...NO_FUNDS, permanent: credit }, held: NO_FUNDS } };
}

/**
 * Credits an account, up to the amount that sums can hold exactly.
 *
 * @throws GenlockError `not_found`, `idempotency_conflict` (the reference was used for another amount), `invalid_parameter`
 */
export async function creditAccount(
  core: Core,
  command: TopUp,
): Promise<{ transfer: Transfer; repeated: boolean }> {
  const { funds } = await balanceOf(core, command.accountId);
  if (total(funds) + command.amount > Number.MAX_SAFE_INTEGER)
    throw new GenlockError('invalid_parameter', 'No account can hold that much.', { param: 'usd' });
  return topUp(core, command);
}

/** @throws GenlockError `not_found` */
export async function readAccount(core: Core, id: string): Promise<AccountWithBalance> {
  const account = await findAccount(core, id);
  return { account, balance: await balanceOf(core, id) };
}

/** @throws GenlockError `not_found` */
export async function changeAccount(
  core: Core,
  id: string,
  change: AccountChange,
): Promise<AccountWithBalance> {
  const patch: AccountPatch = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.plan !== undefined && { plan: change.plan ?? DEFAULT_PLAN }),
    ...(change.status !== undefined && { status: change.status ?? 'active' }),
    ...(change.limits !== undefined && { limits: change.limits }),
  };
  const account =
    (await core.store.updateAccount(id, patch)) ??
    ((await openHouse(core, id)) ? await core.store.updateAccount(id, patch) : undefined);
  if (account === undefined) throw noSuchAccount();
  return { account, balance: await balanceOf(core, id) };
}

/** The transfers of an account, oldest first. @throws GenlockError `not_found`, `invalid_parameter` (the cursor) */
export async function ledgerOf(
  core: Core,
  accountId: string,
  limit: number,
  cursor?: string,
): Promise<Page<Transfer>> {
  await findAccount(core, accountId);
  return core.store.ledger(accountId, limit, cursor);
}

/** @throws GenlockError `not_found` */
export async function findAccount(core: Core, id: string): Promise<Account> {
  const account =
    (await core.store.account(id)) ??
    ((await openHouse(core, id)) ? await core.store.account(id) : undefined);
  if (account === undefined) throw noSuchAccount();
  return account;
}

/** What can be spent now: funds that are not held. */
export function available({ funds, held }: Balance): Micros {
  return total(subtract(funds, held));
}

/** @throws GenlockError `not_found` */
export async function balanceOf(core: Core, id: string): Promise<Balance> {
  const balance = await core.store.balance(id);
  if (balance === undefined) throw noSuchAccount();
  return balance;
}

function noSuchAccount(): GenlockError {
  return new GenlockError('not_found', 'No such account.');
}
