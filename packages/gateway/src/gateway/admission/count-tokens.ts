import type { Provider } from '../../providers/port.ts';
import type { Core } from '../core.ts';
import type { Model } from '../models/model.ts';

/*
 * The estimate for an upstream that cannot count for us. The excess of a hold is released, but the operator would pay for what a hold
 * fell short of.
 */

/** English has about four bytes per token, code and other scripts two to three. */
const BYTES_PER_TOKEN = 2;
/** What a model's template adds to each message: five tokens in Llama 3. For 200 messages of one letter, that is nearly everything. */
const PER_TEXT = 8;
/** What the template adds once: a system message of about 30 tokens in Llama 3.3. */
const PER_CALL = 32;

/** The number of tokens in these texts according to the provider that counts most, because any route of the model may serve the call. */
export function countTokens(core: Core, model: Model, texts: readonly string[]): number {
  const said = texts.filter((text) => text !== '');
  if (said.length === 0) return 0;
  const names = new Set(model.routes.map(({ provider }) => provider));
  const counts = [...names].map((name) => countAt(core.providers.get(name), said));
  return counts.length === 0 ? estimate(said) : Math.max(...counts);
}

function countAt(provider: Provider | undefined, texts: readonly string[]): number {
  let tokens = 0;
  for (const text of texts) {
    const count = provider?.countTokens?.(text);
    if (count === undefined) return estimate(texts);
    tokens += count;
  }
  return tokens;
}

function estimate(texts: readonly string[]): number {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return Math.ceil(bytes / BYTES_PER_TOKEN) + PER_TEXT * texts.length + PER_CALL;
}
