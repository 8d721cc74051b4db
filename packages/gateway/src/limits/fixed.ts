import type { LimitVerdict } from './port.ts';

const MINUTE_MS = 60_000;

/** A window of one minute, with the calls that passed in it. */
export interface WindowState {
  used: number;
  endsAt: number;
}

/** The window before any call, as if it opened now. */
export function freshWindow(now: number): WindowState {
  return { used: 0, endsAt: now + MINUTE_MS };
}

export function takeFromWindow(state: WindowState, limit: number, now: number): LimitVerdict {
  openNextIfOver(state, now);
  const allowed = state.used < limit;
  if (allowed) state.used += 1;
  return verdict(state, limit, now, allowed);
}

export function peekAtWindow(state: WindowState, limit: number, now: number): LimitVerdict {
  const seen = { ...state };
  openNextIfOver(seen, now);
  return verdict(seen, limit, now, seen.used < limit);
}

export function giveBackToWindow(state: WindowState, limit: number, now: number): LimitVerdict {
  openNextIfOver(state, now);
  state.used = Math.max(0, state.used - 1);
  return verdict(state, limit, now, state.used < limit);
}

/**
 * The next window opens with the first call after the end of the last one. A window that became too long because the clock was set back is
 * shortened.
 */
function openNextIfOver(state: WindowState, now: number): void {
  if (now >= state.endsAt) Object.assign(state, freshWindow(now));
  else state.endsAt = Math.min(state.endsAt, now + MINUTE_MS);
}

function verdict({ used, endsAt }: WindowState, limit: number, now: number, allowed: boolean): LimitVerdict {
  return {
    allowed,
    limit,
    remaining: Math.max(0, limit - used),
    resetAt: endsAt,
    retryAfterMs: allowed ? 0 : endsAt - now,
  };
}
