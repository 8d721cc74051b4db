import type { Usage } from './pricing.ts';
import { type GenerationRequest, inputTextsOf, type TextRequest } from './request.ts';

/*
 * Callers are charged for the tokens that providers count, so a provider's count is accepted only as far as it can be true: a token is at
 * least one byte, and a model does not write more than the limit that it was given.
 */

/**
 * The most tokens that a model's template adds: around each message, before them all, and for tools, which some templates describe at
 * length.
 */
const AROUND_A_MESSAGE = 32;
const AROUND_ALL = 64;
const ABOUT_TOOLS = 512;

/** An upper bound for the input tokens of a chat. */
export function mostInputTokens(request: Pick<TextRequest, 'messages' | 'tools'>): number {
  const { messages, tools = [] } = request;
  const bytes = inputTextsOf(request).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return bytes + AROUND_A_MESSAGE * messages.length + AROUND_ALL + (tools.length > 0 ? ABOUT_TOOLS : 0);
}

/** Rounds to a whole number; what is negative or not a number becomes 0. */
function counted(count: number): number {
  return count > 0 ? Math.round(Math.min(count, Number.MAX_SAFE_INTEGER)) : 0;
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0;
}

/**
 * The provider's token count, limited to what can be true. `most`, the upper bound, is only computed if the count exceeds what was held
 * for, which is rare.
 */
export function believedTokens(told: number, held: number, most: () => number = () => held): number {
  if (isCount(told) && told <= held) return told;
  return Math.min(counted(told), most());
}

/** The same for every count that a provider reports at the end of the work. */
export function believedUsage(request: GenerationRequest, quoted: Usage = {}, told: Usage): Usage {
  const { inputTokens, outputTokens } = told;
  const { input, output } = boundsOf(request, quoted);
  return {
    ...told,
    ...(inputTokens !== undefined && { inputTokens: believedTokens(inputTokens, input) }),
    ...(outputTokens !== undefined && { outputTokens: believedTokens(outputTokens, output) }),
  };
}

interface Bounds {
  readonly input: number;
  readonly output: number;
}

function boundsOf(request: GenerationRequest, { inputTokens = 0, outputTokens = 0 }: Usage): Bounds {
  switch (request.kind) {
    case 'text':
      return { input: mostInputTokens(request), output: request.maxTokens };
    case 'batch':
      return request.items.reduce(
        ({ input, output }, { prompt, maxTokens }) => ({
          input: input + mostInputTokens({ messages: [{ role: 'user', content: prompt }] }),
          output: output + maxTokens,
        }),
        { input: 0, output: 0 },
      );
    default:
      return { input: inputTokens, output: outputTokens };
  }
}
