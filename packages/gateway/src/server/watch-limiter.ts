import type { Config } from '../config/config.ts';
import type { Limiter } from '../limits/port.ts';
import { withChoice } from '../limits/when-unreachable.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface LimiterParts {
  readonly config: () => Config;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly log: Log;
}

/** While the limiter cannot be reached, every call is affected; one log line in this time is enough. */
const LOG_EVERY_MS = 10_000;

/** Wraps the limiter with the operator's choices for when it cannot be reached, and reports such calls in logs and metrics. */
export function watchLimiter(limiter: Limiter, { config, metrics, now, log }: LimiterParts): Limiter {
  let nextAt = 0;
  let calls = 0;
  return withChoice(limiter, {
    choiceOf: ({ of }) => {
      const { dialects, limits } = config();
      return (of && dialects[of.dialect]?.whenUnreachable?.[of.limit]) ?? limits.whenUnreachable;
    },
    tell: ({ of }, choice, error) => {
      metrics.limiterUnreachable.of(of?.dialect ?? 'none', of?.limit ?? 'none', choice).add();
      calls += 1;
      if (now() < nextAt) return;
      log.error({ err: error, ...of, choice, calls }, 'the rate limiter cannot be reached');
      nextAt = now() + LOG_EVERY_MS;
      calls = 0;
    },
  });
}
