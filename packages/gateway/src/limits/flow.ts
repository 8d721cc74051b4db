import type { LimitVerdict } from './port.ts';

/** Millionths of a token would round; in units of 1/60,000 token a minute's flow is a whole number each millisecond. */
const TOKEN = 60_000;
const MINUTE_MS = 60_000;

export interface FlowState {
  /** Units in the bucket at `at`. */
  level: number;
  at: number;
  perMinute: number;
}

/** A bucket that nobody has touched is full. */
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

/** A bucket that nothing flows into is told to come back in a minute. */
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

/** Lets flow what came since the last call. A clock that went back adds nothing, and takes nothing. */
function refill(state: FlowState, flow: number, now: number): void {
  const elapsed = Math.floor(now - state.at);
  const capacity = state.perMinute * TOKEN;
  if (elapsed > 0) {
    state.level = Math.min(capacity, state.level + elapsed * state.perMinute);
    state.at += elapsed;
  }
  if (flow === state.perMinute) return;
  // The time so far flowed at the old rate. A change holds from this call on: what a raise adds may be used at once, and of a
  // lowered limit all is left, as far as it had been left of the old one.
  const raised = Math.max(0, flow * TOKEN - capacity);
  state.level = Math.min(flow * TOKEN, state.level + raised);
  state.perMinute = flow;
}
