import { BORDER, contextKey, type NgramModel } from './ngram.ts';
import { type Candidate, pick, type SamplingOptions } from './sampling.ts';

/** Of each context, this many of the most frequent followers are looked at: plenty for variety, and a bound on the work. */
const MOST_FOLLOWERS = 64;
/** How much a context that is one token shorter counts: enough for sentences to branch, little enough for grammar. */
const SHORTER_CONTEXT = 0.15;
/** How much likelier the prompt's words become wherever they fit. */
const KEYWORD_BOOST = 12;
/** From this many tokens on, a sentence ends where it can; from the second number on, it ends. */
const LONG_SENTENCE = 40;
const LONGEST_SENTENCE = 56;

export interface WriterOptions extends SamplingOptions {
  keywords: ReadonlySet<number>;
  random: () => number;
}

/** Writes a text token by token, and remembers what it wrote, so that it does not go round in circles. */
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

  /** The next token's number; `BORDER` when the sentence is complete. */
  next(): number {
    const chosen =
      this.#sentence.length > LONGEST_SENTENCE
        ? BORDER
        : (pick(this.#candidates(), this.#options, this.#options.random) ?? BORDER);
    this.put(chosen);
    return chosen;
  }

  /** Takes a token as written. */
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
    // A pair that was written before becomes unlikely at once: a text that repeats itself reads as broken.
    return (wanted ? KEYWORD_BOOST : 1) / (1 + 20 * repeats);
  }
}
