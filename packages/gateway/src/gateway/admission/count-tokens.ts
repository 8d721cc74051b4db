import type { Core } from '../core.ts';
import type { Model } from '../models/model.ts';

/**
 * For an upstream that does not count for us: English has about four bytes to a token, code and other scripts two to three. A hold
 * that is too large is given back; one that is too small would be paid by the operator.
 */
const BYTES_PER_TOKEN = 2;

/** How many tokens these texts have for the provider that the model is tried at first. */
export function countTokens(core: Core, model: Model, texts: readonly string[]): number {
  const provider = core.providers.get(model.routes[0]?.provider ?? '');
  let tokens = 0;
  for (const text of texts)
    tokens += provider?.countTokens?.(text) ?? Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  return tokens;
}
