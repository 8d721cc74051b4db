import { GRAMMAR_WORDS } from './grammar-words.ts';
import { BORDER, contextKey, type NgramModel } from './ngram.ts';
import { tokens } from './tokens.ts';

/** Only this many characters at the end of a long prompt are used to find its topic. */
const LOOK_AT = 20_000;

/** The topic words of a prompt that the model knows, as token numbers, in the prompt's order. */
export function keywords(model: NgramModel, prompt: string): Set<number> {
  const { small } = wordsOf(model);
  const found = new Set<number>();
  for (const token of tokens(prompt.slice(-LOOK_AT))) {
    const word = token.trim().toLowerCase();
    const number = GRAMMAR_WORDS.has(word) ? undefined : small.get(word);
    if (number !== undefined) found.add(number);
  }
  return found;
}

/**
 * The tokens that a text about these keywords starts with: "The camera" if the model has seen "the camera", else the first keyword alone,
 * else nothing.
 */
export function opening(model: NgramModel, topics: Iterable<number>): number[] {
  const { small, capital } = wordsOf(model);
  const [...numbers] = topics;
  for (const topic of numbers) {
    for (const starter of ['the', 'a', 'an', 'every']) {
      const [low, high] = [small.get(starter), capital.get(starter)];
      if (high === undefined) continue;
      if (follows(model, high, topic) || (low !== undefined && follows(model, low, topic)))
        return [high, topic];
    }
  }
  return numbers.slice(0, 1);
}

function follows(model: NgramModel, before: number, after: number): boolean {
  const pairs = model.contexts.get(contextKey([before], 1)) ?? [];
  return pairs.some((value, index) => index % 2 === 0 && value === after);
}

interface Words {
  small: Map<string, number>;
  capital: Map<string, number>;
}

const indexes = new WeakMap<NgramModel, Words>();

/**
 * Token numbers of words with a space before them, by their lower-case text: one index for words in lower case, one for capitalised words.
 */
function wordsOf(model: NgramModel): Words {
  const known = indexes.get(model);
  if (known !== undefined) return known;
  const words: Words = { small: new Map(), capital: new Map() };
  for (const [number, token] of model.vocabulary.entries()) {
    if (number === BORDER || !/^ [\p{L}\p{N}]/u.test(token)) continue;
    const word = token.slice(1);
    const lower = word.toLowerCase();
    if (word === lower) words.small.set(lower, number);
    else words.capital.set(lower, number);
  }
  indexes.set(model, words);
  return words;
}
