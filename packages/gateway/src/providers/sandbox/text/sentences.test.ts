import { expect, test } from 'vitest';
import { sentences } from './sentences.ts';

test.each([
  ['One. Two!', ['One.', 'Two!']],
  ['It costs 3.5 dollars at example.com. Good?', ['It costs 3.5 dollars at example.com.', 'Good?']],
  ['(He said “yes.”) Then\n\n  he left', ['(He said “yes.”)', 'Then he left']],
  ['Wait... what', ['Wait...', 'what']],
  ['  \n ', []],
])('%j', (text, expected) => {
  expect([...sentences(text)].map((parts) => parts.join('').trim())).toEqual(expected);
});

test('a word has the same token at the start and inside', () => {
  expect([...sentences('light is light')]).toEqual([[' light', ' is', ' light']]);
});
