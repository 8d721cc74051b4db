/**
 * A token is a word or a punctuation mark, together with a space before it, or a single further white-space character. Apostrophes belong
 * to words ("don't"). Words are cut after 16 characters, so that a text without spaces still gets a fair count. Every character belongs to
 * exactly one token, so joined tokens give the text again.
 */
const TOKEN = / ?[\p{L}\p{M}\p{N}'’]{1,16}| ?[^\s\p{L}\p{M}\p{N}'’]|\s/gu;
const LONGEST_WORD = 16;
const WORD_START = /^[\p{L}\p{M}\p{N}'’]/u;
const WORD_END = /[\p{L}\p{M}\p{N}'’]$/u;

/** The tokens of a text, in order. */
export function* tokens(text: string): Generator<string, void, undefined> {
  for (const [token] of text.matchAll(TOKEN)) yield token;
}

/** The number of tokens of a text; linear in its length, without building a list. */
export function countTokens(text: string): number {
  const pattern = new RegExp(TOKEN);
  let count = 0;
  while (pattern.test(text)) count++;
  return count;
}

/** Whether the two, side by side, would be read as one word. */
export function wouldMerge(before: string, after: string): boolean {
  return WORD_START.test(after) && WORD_END.test(before) && [...before.trimStart()].length < LONGEST_WORD;
}
