import type { Json } from '../domain/generation.ts';
import type { Core } from './core.ts';

/**
 * Notes what the operator did, after it was done. A note that cannot be kept is logged and does not fail the call: told 503, the
 * operator would do it again, and a top-up without a reference would then be made twice.
 */
export async function audit(core: Core, action: string, target: string, detail: Json): Promise<void> {
  try {
    await core.store.recordAudit({ at: core.now(), action, target, detail });
  } catch (error) {
    core.log.error({ err: error, action, target }, 'audit entry not kept');
  }
}
