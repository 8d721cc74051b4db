import type { AuditEntry } from '../store/port.ts';
import type { Core } from './core.ts';

/**
 * Records what the operator did, after it was done or refused. If the entry cannot be stored, it is logged and the call does not fail:
 * after a 503 the operator would repeat the call, and a top-up without a reference would then be made twice.
 */
export async function audit(core: Core, entry: Omit<AuditEntry, 'id' | 'at'>): Promise<void> {
  const { actor, action, target, outcome, requestId } = entry;
  const fields = { actor, action, target, outcome, ...(requestId !== null && { request: requestId }) };
  try {
    await core.store.recordAudit({ at: core.now(), ...entry });
    core.log.info(fields, 'operator');
  } catch (error) {
    core.log.error({ err: error, ...fields }, 'audit entry not kept');
  }
}
