import type { LimitVerdict } from './port.ts';

const MINUTE_MS = 60_000;
/**
 * Calls within this time of each other are kept as one entry and leave the window with the last of them, so no bucket stores more than 600
 * entries.
 */
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

/** Drops what is a minute old. If the clock was set back, entries that seem to lie in the future count as made now. */
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

/**
 * If the limit was lowered, several entries have to leave the window before a call passes. With a limit of 0 the caller is told to come
 * back in a minute.
 */
function untilOnePasses(grains: readonly Grain[], used: number, limit: number, now: number): number {
  let left = used;
  for (const { calls, last } of grains) {
    left -= calls;
    if (left < limit) return last + MINUTE_MS - now;
  }
  return MINUTE_MS;
}
