import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { IdempotencyClaim, SlotClaim } from '../../store/port.ts';
import type { Caller } from '../accounts/authenticate.ts';
import type { Core } from '../core.ts';
import type { Dialect } from '../dialect.ts';
import { findModel } from '../models/find-model.ts';
import { type Admitted, admit } from './admit.ts';

export interface Resubmission {
  readonly caller: Caller;
  readonly dialect: Dialect;
  readonly of: Generation;
  readonly slots: readonly SlotClaim[];
  readonly idempotency?: IdempotencyClaim | undefined;
  /** The sandbox header of this call. The header of the first call is not reused: otherwise a rehearsed failure could never end. */
  readonly steering?: string | undefined;
}

/**
 * Runs a failed generation again, as a new generation with the same inputs at the present price. The old one stays failed, so that each
 * generation has one end and one history in the ledger.
 *
 * @throws GenlockError `invalid_state` if it did not fail, `model_not_found` if its model is gone, else as {@link admit}
 */
export async function resubmit(
  core: Core,
  { caller, dialect, of, slots, idempotency, steering }: Resubmission,
): Promise<Admitted> {
  if (of.status !== 'failed')
    throw new GenlockError('invalid_state', 'Only a failed generation can be run again.');
  const model = await findModel(core, dialect.name, of.model, caller.account.id);
  if (model === undefined) throw new GenlockError('model_not_found');
  const { steering: _first, ...request } = of.request;
  return admit(core, {
    caller,
    dialect,
    model,
    input: of.input,
    request: { ...request, ...(steering !== undefined && { steering }) },
    usage: of.price.quoted ?? {},
    slots,
    metadata: of.metadata,
    webhook: of.webhook,
    idempotency,
    retryOf: of.id,
  });
}
