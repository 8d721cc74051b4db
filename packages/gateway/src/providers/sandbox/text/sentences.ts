import { tokens } from './tokens.ts';

const END_MARK = /^ ?[.!?…。！？]$/u;
const CLOSES = /^["”’»)\]]$/u;

/**
 * The sentences of a text, as tokens. White space is made single spaces and one is put before the text, so that a word has the
 * same token wherever it stands. A full stop inside a number or a name ("3.5", "example.com") ends nothing.
 */
export function* sentences(text: string): Generator<string[], void, undefined> {
  let sentence: string[] = [];
  let ended = false;
  for (const token of tokens(` ${text.toWellFormed().replace(/\s+/g, ' ').trim()}`)) {
    if (token === ' ') continue;
    if (ended && token.startsWith(' ')) {
      yield sentence;
      sentence = [];
    }
    sentence.push(token);
    ended = END_MARK.test(token) || (ended && CLOSES.test(token));
  }
  if (sentence.length > 0) yield sentence;
}
