import type { Usage } from './pricing.ts';
import { type GenerationRequest, inputTextsOf, type TextRequest } from './request.ts';

/*
 * What providers count is charged for, so it is believed as far as it can be true: a token holds a byte at least, and a model that was
 * told how much to write at most writes no more.
 */

/** What the template of a model puts around each message, and before them all, at most; some write of tools at length. */
const AROUND_A_MESSAGE = 32;
const AROUND_ALL = 64;
const ABOUT_TOOLS = 512;

/** More tokens than this a chat cannot have. */
export function mostInputTokens(request: Pick<TextRequest, 'messages' | 'tools'>): number {
  const { messages, tools = [] } = request;
  const bytes = inputTextsOf(request).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return bytes + AROUND_A_MESSAGE * messages.length + AROUND_ALL + (tools.length > 0 ? ABOUT_TOOLS : 0);
}

/** Whole and not negative; what is no number at all is nothing. */
function counted(count: number): number {
  return count > 0 ? Math.round(Math.min(count, Number.MAX_SAFE_INTEGER)) : 0;
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0;
}

/**
 * Tokens of a text as its provider counts them, as far as they can be true. `most` of the input is asked for only where there is more
 * of it than was held for, which is rare.
 */
export function believedTokens(told: number, held: number, most: () => number = () => held): number {
  if (isCount(told) && told <= held) return told;
  return Math.min(counted(told), most());
}

/** The same of all that a provider counts of a finished work. */
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
