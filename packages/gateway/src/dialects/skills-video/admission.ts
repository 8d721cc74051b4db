import { type Caller, limitOf } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import type { SlotClaim } from '../../store/port.ts';
import { NAME } from './links.ts';

/**
 * How many tasks of a workspace may be under way at once. The contract says that there is a limit and not what it counts: by workspace
 * nobody fills the places of somebody else, and by mode no rehearsal takes the places of live work.
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
