import { expect, test } from 'vitest';
import { COLOURS } from './colour.ts';
import { readPrompt } from './reading.ts';
import { shapeNamed } from './shapes.ts';

test('a colour belongs to the thing that follows it', () => {
  const { things } = readPrompt('A red enamel mug next to a small blue house');
  expect(things.map(({ colour }) => colour)).toEqual([COLOURS.red, COLOURS.blue]);
});

test('a word that is colour and fruit is the colour before a thing, and the fruit alone', () => {
  expect(readPrompt('an orange cat').things).toEqual([{ shape: shapeNamed('cat'), colour: COLOURS.orange }]);
  expect(readPrompt('an orange').things).toEqual([{ shape: shapeNamed('orange'), colour: undefined }]);
});

test('place and light are read off the words, else off the thing', () => {
  expect(readPrompt('skyline of a city at night')).toMatchObject({
    place: 'city',
    light: 'night',
    things: [],
  });
  expect(readPrompt('a sailboat')).toMatchObject({ place: 'sea', light: undefined });
  expect(readPrompt('a sailboat in the snow').place).toBe('snow');
});

test('words that every object has are not in the tables', () => {
  expect(readPrompt('constructor toString __proto__')).toEqual({
    things: [],
    colour: undefined,
    place: undefined,
    light: undefined,
  });
});

test('at most three things are drawn, each once', () => {
  expect(readPrompt('cat cats dog bird fish car').things).toHaveLength(3);
});
