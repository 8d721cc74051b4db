import type { Delivered } from '../port.ts';
import type { UpstreamAnswer } from '../upstream/failure.ts';

/** The cost in dollars from LiteLLM's header. */
export function costOf({ headers }: Pick<UpstreamAnswer, 'headers'>): Pick<Delivered, 'cost'> {
  const dollars = Number(headers['x-litellm-response-cost'] || Number.NaN);
  return Number.isFinite(dollars) && dollars >= 0 ? { cost: Math.round(dollars * 1_000_000) } : {};
}
