import type { Core } from '../core.ts';
import type { Model } from '../models/model.ts';

/**
 * The estimate for an upstream that cannot count for us. English has about four bytes per token, code and other scripts two to three. The
 * excess of a hold is released, but the operator would pay for what a hold fell short of.
 */
const BYTES_PER_TOKEN = 2;

/** The number of tokens in these texts, as counted by the provider that the model tries first. */
export function countTokens(core: Core, model: Model, texts: readonly string[]): number {
  const provider = core.providers.get(model.routes[0]?.provider ?? '');
  let tokens = 0;
  for (const text of texts)
    tokens += provider?.countTokens?.(text) ?? Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  return tokens;
}
