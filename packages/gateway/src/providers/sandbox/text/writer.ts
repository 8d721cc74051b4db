import { BORDER, contextKey, type NgramModel } from './ngram.ts';
import { type Candidate, pick, type SamplingOptions } from './sampling.ts';

/** The most followers looked at in each context: enough for variety, and a limit on the work. */
const MOST_FOLLOWERS = 64;
/** The weight of a context that is one token shorter: high enough for sentences to branch, low enough for grammar. */
const SHORTER_CONTEXT = 0.15;
/** How much more likely the prompt's words become where they fit. */
const KEYWORD_BOOST = 12;
/** From the first number of tokens on, a sentence ends where it can; at the second it ends in any case. */
const LONG_SENTENCE = 40;
const LONGEST_SENTENCE = 56;

export interface WriterOptions extends SamplingOptions {
  keywords: ReadonlySet<number>;
  random: () => number;
}

/** Writes a text token by token, and remembers what it wrote, so that it does not repeat itself in circles. */
export class Writer {
  readonly #model: NgramModel;
  readonly #options: WriterOptions;
  readonly #used = new Map<number, number>();
  readonly #usedPairs = new Map<string, number>();
  #sentence: number[] = [BORDER];

  constructor(model: NgramModel, options: WriterOptions) {
    this.#model = model;
    this.#options = options;
  }

  /** The number of the next token; `BORDER` if the sentence is complete. */
  next(): number {
    const chosen =
      this.#sentence.length > LONGEST_SENTENCE
        ? BORDER
        : (pick(this.#candidates(), this.#options, this.#options.random) ?? BORDER);
    this.put(chosen);
    return chosen;
  }

  /** Records a token as written. */
  put(token: number): void {
    const pair = `${this.#sentence.at(-1)},${token}`;
    this.#usedPairs.set(pair, (this.#usedPairs.get(pair) ?? 0) + 1);
    this.#used.set(token, (this.#used.get(token) ?? 0) + 1);
    if (token === BORDER) this.#sentence = [BORDER];
    else this.#sentence.push(token);
  }

  #candidates(): Candidate[] {
    const weights = new Map<number, number>();
    let share = 1;
    for (let length = Math.min(this.#model.order - 1, this.#sentence.length); length >= 1; length--) {
      const pairs =
        this.#model.contexts.get(contextKey(this.#sentence, length))?.slice(0, 2 * MOST_FOLLOWERS) ?? [];
      const total = pairs.reduce((sum, value, index) => (index % 2 === 1 ? sum + value : sum), 0);
      for (let index = 0; index < pairs.length; index += 2) {
        const token = pairs[index] ?? BORDER;
        weights.set(token, (weights.get(token) ?? 0) + (share * (pairs[index + 1] ?? 0)) / total);
      }
      if (pairs.length > 0) share *= SHORTER_CONTEXT;
    }
    if (this.#sentence.length > LONG_SENTENCE && weights.has(BORDER)) return [{ token: BORDER, weight: 1 }];
    return Array.from(weights, ([token, weight]) => ({ token, weight: weight * this.#liking(token) }));
  }

  #liking(token: number): number {
    const repeats = this.#usedPairs.get(`${this.#sentence.at(-1)},${token}`) ?? 0;
    const wanted = this.#options.keywords.has(token) && !this.#used.has(token);
    // A pair that was already written becomes unlikely at once, because a text that repeats itself looks broken.
    return (wanted ? KEYWORD_BOOST : 1) / (1 + 20 * repeats);
  }
}
