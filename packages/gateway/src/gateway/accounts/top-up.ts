import { GenlockError } from '../../domain/error.ts';
import type { Bucket } from '../../domain/funds.ts';
import type { Micros } from '../../domain/money.ts';
import type { PendingTopUp, Transfer } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { observeTopUp } from '../metrics/observe.ts';

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
 * @throws GenlockError `not_found` (no such account), `idempotency_conflict` (the reference was used for another amount or bucket)
 */
export async function topUp(core: Core, command: TopUp): Promise<{ transfer: Transfer; repeated: boolean }> {
  const result = await core.store.topUp({ ...command, now: core.now() });
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
