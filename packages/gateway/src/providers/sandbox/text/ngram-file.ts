import type { NgramModel } from './ngram.ts';

const VERSION = 1;

/** The model as JSON text. The same model always gives the same text. */
export function serializeNgram(model: NgramModel): string {
  const { order, vocabulary, contexts } = model;
  return JSON.stringify({ version: VERSION, order, vocabulary, contexts: [...contexts] });
}

/** Parses the text of `serializeNgram`; throws an Error on anything else, so that a damaged file is never partly used. */
export function parseNgram(text: string): NgramModel {
  const file: unknown = JSON.parse(text);
  if (!isFile(file)) throw new Error('this is not an n-gram model of version 1');
  const size = file.vocabulary.length;
  for (const [, pairs] of file.contexts) {
    const sound = pairs.every((value, index) => (index % 2 === 0 ? value < size : value > 0));
    if (!sound || pairs.length % 2 !== 0)
      throw new Error('this n-gram model counts tokens that it does not have');
  }
  return { order: file.order, vocabulary: file.vocabulary, contexts: new Map(file.contexts) };
}

interface File {
  order: number;
  vocabulary: string[];
  contexts: [string, number[]][];
}

function isFile(file: unknown): file is File {
  return (
    typeof file === 'object' &&
    file !== null &&
    'version' in file &&
    file.version === VERSION &&
    'order' in file &&
    isCount(file.order) &&
    'vocabulary' in file &&
    isListOf(file.vocabulary, (token) => typeof token === 'string') &&
    'contexts' in file &&
    isListOf(file.contexts, isContext)
  );
}

function isContext(entry: unknown): boolean {
  return (
    Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && isListOf(entry[1], isCount)
  );
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
