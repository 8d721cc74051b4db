import { sentences } from './sentences.ts';

/** Counts of which token follows which. Plain data: it can be stored as text (`ngram-file.ts`) and trained further. */
export interface NgramModel {
  /** The length of an n-gram: with 3, two tokens predict the third. */
  readonly order: number;
  /** Tokens by number. Number 0 is the border between sentences and has no text. */
  readonly vocabulary: readonly string[];
  /** By context (token numbers joined by commas): follower, count, follower, count, …; the most frequent first. */
  readonly contexts: ReadonlyMap<string, readonly number[]>;
}

/** The token number of the border between sentences. */
export const BORDER = 0;

const DEFAULT_ORDER = 3;
const HIGHEST_ORDER = 5;

/** The most tokens that are counted; further text is not read. This many different tokens take about 1.5 s and 300 MB. */
const MOST_TOKENS = 300_000;

/** Counts the texts, on top of `base` if given (which then decides the order). The same texts always give the same model. */
export function trainNgram(
  texts: Iterable<string>,
  options: { order?: number; base?: NgramModel } = {},
): NgramModel {
  const trainer = new NgramTrainer(options);
  let left = MOST_TOKENS;
  for (const text of texts) {
    for (const sentence of sentences(text)) {
      if (left <= 0) return trainer.model();
      left -= trainer.learn(sentence.slice(0, left));
    }
  }
  return trainer.model();
}

/** The key of the last `length` tokens of a history. */
export function contextKey(history: readonly number[], length: number): string {
  return history.slice(-length).join(',');
}

type Counts = Map<string, Map<number, number>>;

/** The weight of a context that is one token shorter, if the longer one does not know the token. */
const SHORTER = 0.4;

/** Counts sentence by sentence, and measures how well it predicts them. */
export class NgramTrainer {
  readonly #order: number;
  readonly #vocabulary: string[];
  readonly #numbers: Map<string, number>;
  readonly #counts: Counts;
  readonly #totals = new Map<string, number>();

  constructor({ order, base }: { order?: number; base?: NgramModel } = {}) {
    const wanted = Math.min(HIGHEST_ORDER, Math.max(2, Math.floor(order ?? DEFAULT_ORDER)));
    this.#order = base?.order ?? wanted;
    this.#vocabulary = [...(base?.vocabulary ?? [''])];
    this.#numbers = new Map(this.#vocabulary.map((token, number) => [token, number]));
    this.#counts = unpack(base);
    for (const [key, followers] of this.#counts) {
      let total = 0;
      for (const count of followers.values()) total += count;
      this.#totals.set(key, total);
    }
  }

  /** Counts the tokens of one sentence, each as if it had been read `weight` times. Returns their number. */
  learn(sentence: readonly string[], weight = 1): number {
    const numbered = sentence.map((token) => this.#numberOf(token));
    this.#walk([...numbered, BORDER], (key, follower) => {
      const followers = this.#counts.get(key) ?? new Map<number, number>();
      followers.set(follower, (followers.get(follower) ?? 0) + weight);
      this.#counts.set(key, followers);
      this.#totals.set(key, (this.#totals.get(key) ?? 0) + weight);
    });
    return numbered.length;
  }

  /** How poorly it predicts the sentence: the negative logarithm of its probability, over all its tokens and its end. */
  surprise(sentence: readonly string[]): number {
    let sum = 0;
    let share = 1;
    let found = 0;
    let last = 0;
    const flush = (): void => {
      if (last > 0) sum -= Math.log(found + share / (this.#vocabulary.length + 1));
    };
    this.#walk(
      [...sentence.map((token) => this.#numbers.get(token) ?? -1), BORDER],
      (key, follower, length) => {
        if (length === 1) {
          flush();
          [found, share] = [0, 1];
        }
        last = length;
        const seen = this.#counts.get(key)?.get(follower) ?? 0;
        // From the shortest context to the longest: each one takes over most of the weight of the shorter ones.
        if (this.#counts.has(key)) {
          const probability = seen / (this.#totals.get(key) ?? 1);
          found = found * SHORTER + probability * (1 - SHORTER);
          share *= SHORTER;
        }
      },
    );
    flush();
    return sum;
  }

  model(): NgramModel {
    return { order: this.#order, vocabulary: [...this.#vocabulary], contexts: pack(this.#counts) };
  }

  /** Visits every context of every follower, the shortest first. */
  #walk(followers: readonly number[], visit: (key: string, follower: number, length: number) => void): void {
    const history = [BORDER];
    for (const follower of followers) {
      for (let length = 1; length < this.#order && length <= history.length; length++)
        visit(contextKey(history, length), follower, length);
      history.push(follower);
      if (history.length >= this.#order) history.shift();
    }
  }

  #numberOf(token: string): number {
    const known = this.#numbers.get(token);
    if (known !== undefined) return known;
    this.#numbers.set(token, this.#vocabulary.length);
    return this.#vocabulary.push(token) - 1;
  }
}

function pack(counts: Counts): NgramModel['contexts'] {
  const contexts = new Map<string, readonly number[]>();
  for (const [key, followers] of counts) {
    const sorted = [...followers].sort(([a, countA], [b, countB]) => countB - countA || a - b);
    contexts.set(key, sorted.flat());
  }
  return contexts;
}

function unpack(base: NgramModel | undefined): Counts {
  const counts: Counts = new Map();
  for (const [key, pairs] of base?.contexts ?? []) {
    const followers = new Map<number, number>();
    for (let index = 0; index < pairs.length; index += 2)
      followers.set(pairs[index] ?? 0, pairs[index + 1] ?? 0);
    counts.set(key, followers);
  }
  return counts;
}
