import { type Caller, limitOf } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import type { SlotClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

/**
 * How many tasks of a workspace and mode may be under way at once. The contract has such a limit and does not say what it counts. Per
 * workspace, nobody can fill somebody else's slots; per mode, a rehearsal takes none from live work.
 */
export function slotsOf(core: Core, caller: Caller): readonly SlotClaim[] {
  const defaults = core.config().dialects[NAME]?.limits ?? {};
  const owner = `${caller.account.id}:${NAME}:${caller.key.mode}`;
  const claims: SlotClaim[] = [];
  for (const [name, refusal] of [
    ['concurrent', 'concurrency_limited'],
    ['unfinished_jobs', 'queue_full'],
  ] as const) {
    const max = limitOf(name, caller, defaults);
    if (max !== undefined) claims.push({ slot: `${owner}:${name}`, max, refusal });
  }
  return claims;
}
