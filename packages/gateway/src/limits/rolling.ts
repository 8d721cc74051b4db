import type { LimitVerdict } from './port.ts';

const MINUTE_MS = 60_000;
/** Calls this close together leave the window together, with the last of them, so that no bucket remembers more than 600 times. */
const GRAIN_MS = 100;

interface Grain {
  readonly slot: number;
  last: number;
  calls: number;
}

/** The calls of the last minute, oldest first. */
export interface RollingState {
  readonly grains: Grain[];
  used: number;
}

export function emptyMinute(): RollingState {
  return { grains: [], used: 0 };
}

export function takeFromRolling(state: RollingState, limit: number, now: number): LimitVerdict {
  forget(state, now);
  const allowed = state.used < limit;
  if (allowed) remember(state, now);
  return verdict(state, limit, now, allowed);
}

export function peekAtRolling(state: RollingState, limit: number, now: number): LimitVerdict {
  const seen = { grains: state.grains.map((grain) => ({ ...grain })), used: state.used };
  forget(seen, now);
  return verdict(seen, limit, now, seen.used < limit);
}

export function giveBackToRolling(state: RollingState, limit: number, now: number): LimitVerdict {
  forget(state, now);
  const newest = state.grains.at(-1);
  if (newest !== undefined) {
    newest.calls -= 1;
    state.used -= 1;
    if (newest.calls === 0) state.grains.pop();
  }
  return verdict(state, limit, now, state.used < limit);
}

function remember(state: RollingState, now: number): void {
  const slot = Math.floor(now / GRAIN_MS);
  const newest = state.grains.at(-1);
  state.used += 1;
  if (newest?.slot !== slot) state.grains.push({ slot, last: now, calls: 1 });
  else {
    newest.last = now;
    newest.calls += 1;
  }
}

/** Drops what is a minute old. Of a clock that was set back, what seems to come yet was made now. */
function forget(state: RollingState, now: number): void {
  const { grains } = state;
  for (let at = grains.length - 1; at >= 0 && (grains[at]?.last ?? now) > now; at -= 1) {
    const grain = grains[at];
    if (grain !== undefined) grain.last = now;
  }
  const firstLeft = grains.findIndex(({ last }) => last + MINUTE_MS > now);
  const over = grains.splice(0, firstLeft === -1 ? grains.length : firstLeft);
  for (const { calls } of over) state.used -= calls;
}

function verdict({ grains, used }: RollingState, limit: number, now: number, allowed: boolean): LimitVerdict {
  return {
    allowed,
    limit,
    remaining: Math.max(0, limit - used),
    resetAt: (grains.at(-1)?.last ?? now - MINUTE_MS) + MINUTE_MS,
    retryAfterMs: allowed ? 0 : untilOnePasses(grains, used, limit, now),
  };
}

/** More than one grain has to leave where the limit was lowered. A limit of 0 is told to come back in a minute. */
function untilOnePasses(grains: readonly Grain[], used: number, limit: number, now: number): number {
  let left = used;
  for (const { calls, last } of grains) {
    left -= calls;
    if (left < limit) return last + MINUTE_MS - now;
  }
  return MINUTE_MS;
}
