import { type Price, priceOf, type Usage } from './pricing.ts';
import type { GenerationRequest } from './request.ts';

/**
 * Whether a call on a route costs no more than it may: `maxCost` thousandths of what its caller was quoted. Since at most one call
 * of a generation may have to be paid (`retry-decision.ts`), this bounds what a whole generation costs. A route that does not say
 * what it costs is not bounded.
 */
export function isAffordable(
  cost: Price | undefined,
  terms: Price,
  request: GenerationRequest,
  maxCost: number,
): boolean {
  if (cost === undefined) return true;
  const asked = { ...askedFor(request), ...terms.quoted };
  return priceOf(cost, asked) * 1000 <= priceOf(terms, terms.quoted ?? {}) * maxCost;
}

/** How much work a request is, for prices in other units than the one it was quoted in. */
function askedFor(request: GenerationRequest): Usage {
  switch (request.kind) {
    case 'image':
      return { images: request.count };
    case 'video':
      return { seconds: request.seconds * (request.count ?? 1) };
    case 'speech':
      return { characters: [...request.text].length };
    case 'text':
    case 'batch':
    case 'training':
      return {};
  }
}
