import type { LimitVerdict } from './port.ts';

/** The units of one token. A minute's flow of tokens is then a whole number of units in each millisecond, so nothing is rounded. */
const TOKEN = 60_000;
const MINUTE_MS = 60_000;

export interface FlowState {
  /** Units in the bucket at the time `at`. */
  level: number;
  at: number;
  perMinute: number;
}

/** A new bucket is full. */
export function fullBucket(perMinute: number, now: number): FlowState {
  return { level: perMinute * TOKEN, at: now, perMinute };
}

export function takeFromFlow(state: FlowState, perMinute: number, now: number): LimitVerdict {
  refill(state, perMinute, now);
  const allowed = state.level >= TOKEN;
  if (allowed) state.level -= TOKEN;
  return verdict(state, perMinute, now, allowed);
}

export function peekAtFlow(state: FlowState, perMinute: number, now: number): LimitVerdict {
  refill(state, perMinute, now);
  return verdict(state, perMinute, now, state.level >= TOKEN);
}

export function giveBackToFlow(state: FlowState, perMinute: number, now: number): LimitVerdict {
  refill(state, perMinute, now);
  state.level = Math.min(perMinute * TOKEN, state.level + TOKEN);
  return verdict(state, perMinute, now, state.level >= TOKEN);
}

/** With a flow of 0 the caller is told to come back in a minute. */
function verdict({ level, at }: FlowState, flow: number, now: number, allowed: boolean): LimitVerdict {
  const missing = flow * TOKEN - level;
  return {
    allowed,
    limit: flow,
    remaining: Math.floor(level / TOKEN),
    resetAt: at + (flow === 0 ? MINUTE_MS : Math.ceil(missing / flow)),
    retryAfterMs: allowed ? 0 : flow === 0 ? MINUTE_MS : Math.ceil((TOKEN - level) / flow) + at - now,
  };
}

/**
 * Adds what flowed in since the last call. If the clock was set back, nothing is added or removed, and the flow is counted from the new
 * time on: otherwise an empty bucket would stay empty for as long as the clock went back.
 */
function refill(state: FlowState, flow: number, now: number): void {
  const elapsed = Math.floor(now - state.at);
  const capacity = state.perMinute * TOKEN;
  if (elapsed < 0) state.at = now;
  if (elapsed > 0) {
    state.level = Math.min(capacity, state.level + elapsed * state.perMinute);
    state.at += elapsed;
  }
  if (flow === state.perMinute) return;
  // The time until now flowed at the old rate; a changed limit applies from this call on. What a raise adds may be used at once. After a
  // lowering, what was left of the old limit stays, up to the new one.
  const raised = Math.max(0, flow * TOKEN - capacity);
  state.level = Math.min(flow * TOKEN, state.level + raised);
  state.perMinute = flow;
}
