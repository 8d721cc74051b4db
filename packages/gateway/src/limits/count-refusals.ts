import type { Metrics } from '../telemetry/metrics.ts';
import type { LimitClaim, Limiter, LimitVerdict } from './port.ts';

/** Counts the calls that a limiter refuses. Synchronous if the limiter is, because an await costs more than the in-memory limiter. */
export function countRefusals(limiter: Limiter, { limitRefusals }: Metrics): Limiter {
  const counted = ({ of }: LimitClaim, verdict: LimitVerdict): LimitVerdict => {
    if (!verdict.allowed) limitRefusals.of(of?.dialect ?? 'none', of?.limit ?? 'none').add();
    return verdict;
  };
  return {
    take(claim) {
      const verdict = limiter.take(claim);
      return verdict instanceof Promise
        ? verdict.then((settled) => counted(claim, settled))
        : counted(claim, verdict);
    },
    peek: (claim) => limiter.peek(claim),
    giveBack: (claim) => limiter.giveBack(claim),
    close: () => limiter.close(),
  };
}
