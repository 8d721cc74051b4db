import { LONGEST_TIMER_MS } from '../sleep.ts';

/** The deadline of one logical call. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Undefined if there is none. */
  leftMs(): number | undefined;
  passed(): boolean;
  stop(): void;
}

export function startDeadline(ms = Number.POSITIVE_INFINITY): Deadline {
  const controller = new AbortController();
  const end = ms === Number.POSITIVE_INFINITY ? undefined : Date.now() + ms;
  const leftMs = () => (end === undefined ? undefined : end - Date.now());
  const expire = () => controller.abort(new DOMException('The deadline has passed.', 'TimeoutError'));
  const timer = ms > LONGEST_TIMER_MS ? undefined : setTimeout(expire, ms);
  return {
    signal: controller.signal,
    leftMs,
    /** By the clock, because the timer may fire late. */
    passed: () => {
      if ((leftMs() ?? 1) <= 0) expire();
      return controller.signal.aborted;
    },
    stop: () => clearTimeout(timer),
  };
}
