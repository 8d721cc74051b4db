import { expect, test } from 'vitest';
import { COLOURS } from './colour.ts';
import { read } from './reading.ts';
import { shapeNamed } from './shapes.ts';

test('a colour belongs to the thing that follows it', () => {
  const { things } = read('A red enamel mug next to a small blue house');
  expect(things.map(({ colour }) => colour)).toEqual([COLOURS.red, COLOURS.blue]);
});

test('a word that is colour and fruit is the colour before a thing, and the fruit alone', () => {
  expect(read('an orange cat').things).toEqual([{ shape: shapeNamed('cat'), colour: COLOURS.orange }]);
  expect(read('an orange').things).toEqual([{ shape: shapeNamed('orange'), colour: undefined }]);
});

test('place and light are read off the words, else off the thing', () => {
  expect(read('skyline of a city at night')).toMatchObject({ place: 'city', light: 'night', things: [] });
  expect(read('a sailboat')).toMatchObject({ place: 'sea', light: undefined });
  expect(read('a sailboat in the snow').place).toBe('snow');
});

test('words that every object has are not in the tables', () => {
  expect(read('constructor toString __proto__')).toEqual({
    things: [],
    colour: undefined,
    place: undefined,
    light: undefined,
  });
});

test('at most three things are drawn, each once', () => {
  expect(read('cat cats dog bird fish car').things).toHaveLength(3);
});
