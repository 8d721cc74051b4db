import { type Price, priceOf, type Usage } from './pricing.ts';
import type { GenerationRequest } from './request.ts';

/**
 * Whether a call on a route costs at most `maxCost` thousandths of what its caller was quoted. At most one call of a generation may have to
 * be paid (`retry-decision.ts`), so this bounds the cost of the whole generation. A route without a known cost is not bounded.
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

/** The size of a request in every unit, for route costs whose unit differs from that of the quote. */
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
