import { fingerprint, randomFrom } from './random.ts';
import { tokens } from './tokens.ts';

/** How many components of the vector a word affects. */
const MARKS = 8;
const DIGITS = 1e6;

/**
 * A vector of length one for a text, by feature hashing: a word affects the same few components in every text, so texts that share words
 * are close to each other. The same text always gives the same vector.
 */
export function embed(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const token of tokens(text.toLowerCase())) {
    const random = randomFrom(fingerprint(token.trim()));
    for (let mark = 0; mark < MARKS; mark++) {
      const place = Math.floor(random() * dimensions);
      vector[place] = (vector[place] ?? 0) + (random() < 0.5 ? -1 : 1);
    }
  }
  const length = Math.hypot(...vector.filter((value) => value !== 0)) || 1;
  return vector.map((value) => Math.round((value / length) * DIGITS) / DIGITS);
}
