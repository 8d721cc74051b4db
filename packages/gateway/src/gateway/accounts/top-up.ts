import { GenlockError } from '../../domain/error.ts';
import type { Bucket } from '../../domain/funds.ts';
import type { Micros } from '../../domain/money.ts';
import type { IdempotencyClaim, PendingTopUp, Transfer } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { observeTopUp } from '../metrics/observe.ts';
import { isLost, surely } from '../surely.ts';

export interface TopUp {
  readonly accountId: string;
  readonly amount: Micros;
  readonly bucket: Bucket;
  /** An account is credited once for each reference. */
  readonly reference: string | null;
}

/**
 * Credits an account.
 *
 * @throws GenlockError `not_found` (no such account), `idempotency_conflict` (the reference was used for another amount or bucket),
 *   `outcome_unknown` (it has no reference, and may have been credited)
 */
export async function topUp(core: Core, command: TopUp): Promise<{ transfer: Transfer; repeated: boolean }> {
  const result = await core.store.topUp({ ...command, now: core.now() }).catch((error) => {
    // With a reference the call can be repeated safely. Without one, the credit cannot be told from another of the same amount.
    throw isLost(error) && command.reference === null
      ? new GenlockError('outcome_unknown', 'Nobody can tell whether it was credited: see the ledger.', {
          cause: error,
        })
      : error;
  });
  switch (result.kind) {
    case 'account_unknown':
      throw new GenlockError('not_found', 'No such account.');
    case 'reference_conflict':
      throw new GenlockError(
        'idempotency_conflict',
        'This reference was used with another amount or bucket.',
        { param: 'reference' },
      );
    case 'credited':
      observeTopUp(core, command.amount);
      return { transfer: result.transfer, repeated: false };
    case 'repeated':
      return { transfer: result.transfer, repeated: true };
  }
}

/**
 * Stores a purchase until its payment is confirmed.
 *
 * @returns the id of the purchase that an earlier call under the same key made; undefined: it is new
 * @throws GenlockError `idempotency_conflict`
 */
export async function orderTopUp(
  core: Core,
  topUp: PendingTopUp,
  idempotency: IdempotencyClaim | undefined,
): Promise<string | undefined> {
  const created = await surely<Awaited<ReturnType<Core['store']['createPendingTopUp']>>>(
    core,
    topUp.id,
    () => core.store.createPendingTopUp(topUp, idempotency),
    async () => (await core.store.pendingTopUp(topUp.id, core.now())) && { kind: 'created' },
  );
  if (created.kind === 'idempotency_conflict') throw new GenlockError('idempotency_conflict');
  return created.kind === 'replayed' ? created.targetId : undefined;
}

/** Credits a purchase whose payment has arrived: once, however often it is confirmed. @throws GenlockError `not_found` */
export async function confirmTopUp(
  core: Core,
  id: string,
): Promise<{ readonly topUp: PendingTopUp; readonly credited: Micros }> {
  const confirmed = await core.store.confirmTopUp(id, core.now());
  if (confirmed === undefined) throw new GenlockError('not_found', 'No such top-up.');
  observeTopUp(core, confirmed.credited, confirmed.topUp.dialect);
  return confirmed;
}
