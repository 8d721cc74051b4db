import { sentences } from './sentences.ts';

/** Which token follows which, counted. Plain data: it can be kept as text (`ngram-file.ts`) and trained further. */
export interface NgramModel {
  /** Tokens that are looked at together: 3 means that two tokens tell the third. */
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

/** A sandbox model needs no more. This many varied tokens take about 1.5 s and 300 MB to count; what comes after is not read. */
const MOST_TOKENS = 300_000;

/** Counts the texts, on top of `base` if given (whose order then holds). The same texts always give the same model. */
export function trainNgram(
  texts: Iterable<string>,
  options: { order?: number; base?: NgramModel } = {},
): NgramModel {
  const { base } = options;
  const order =
    base?.order ?? Math.min(HIGHEST_ORDER, Math.max(2, Math.floor(options.order ?? DEFAULT_ORDER)));
  const vocabulary = [...(base?.vocabulary ?? [''])];
  const numbers = new Map(vocabulary.map((token, number) => [token, number]));
  const counts = unpack(base);
  let left = MOST_TOKENS;
  for (const text of texts) {
    for (const sentence of sentences(text)) {
      if (left <= 0) return { order, vocabulary, contexts: pack(counts) };
      const numbered = sentence.slice(0, left).map((token) => numberOf(token, numbers, vocabulary));
      count(numbered, order, counts);
      left -= numbered.length;
    }
  }
  return { order, vocabulary, contexts: pack(counts) };
}

/** The key of the last `length` tokens of a history. */
export function contextKey(history: readonly number[], length: number): string {
  return history.slice(-length).join(',');
}

type Counts = Map<string, Map<number, number>>;

function count(sentence: number[], order: number, counts: Counts): void {
  const history = [BORDER];
  for (const follower of [...sentence, BORDER]) {
    for (let length = 1; length < order && length <= history.length; length++) {
      const key = contextKey(history, length);
      const followers = counts.get(key) ?? new Map<number, number>();
      followers.set(follower, (followers.get(follower) ?? 0) + 1);
      counts.set(key, followers);
    }
    history.push(follower);
    if (history.length >= order) history.shift();
  }
}

function numberOf(token: string, numbers: Map<string, number>, vocabulary: string[]): number {
  const known = numbers.get(token);
  if (known !== undefined) return known;
  numbers.set(token, vocabulary.length);
  return vocabulary.push(token) - 1;
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
