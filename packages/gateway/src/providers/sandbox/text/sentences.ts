import { tokens } from './tokens.ts';

const END_MARK = /^ ?[.!?…。！？]$/u;
const CLOSES = /^["”’»)\]]$/u;

/**
 * The sentences of a text, as tokens. White space is reduced to single spaces and a space is put before the text, so that a word is the
 * same token wherever it stands. A full stop inside a number or a name ("3.5", "example.com") does not end a sentence.
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
