import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseVoice, voiceTag } from './choose-voice.ts';
import { runEngine } from './engine.ts';
import { VOICES } from './voices.ts';

test('our table is what the engine lists, without the voices of MBROLA, which is not built in', async () => {
  const { lines } = await runEngine(['--voices'], '');
  const listed = lines.filter((line) => /^\s*\d/.test(line) && !line.includes(' mb/'));
  const tags = listed.map((line) => line.trim().split(/\s+/)[1]);
  expect(VOICES.map(([tag]) => tag)).toEqual([...new Set(tags)]);
});

test.each([
  ['en-GB', 'en-gb'],
  ['pt_BR', 'pt-br'],
  ['de-AT', 'de'],
  ['zh-Hans-CN', 'cmn'],
  ['English', 'en-us'],
  ['Spanish', 'es'],
  ['DUTCH', 'nl'],
])('%s is spoken as %s', (name, tag) => expect(voiceTag(name)).toBe(tag));

test.each([
  ['Hello', undefined, undefined, 'en-us'],
  ['Hello', undefined, 'tlh-unknown', 'en-us'],
  ['Hello', 'en-gb+f3', undefined, 'en-gb+f3'],
  ['Hello', 'f2', 'de', 'de+f2'],
  ['Привет, мир', undefined, undefined, 'ru'],
  ['映画を撮る', undefined, undefined, 'ja'],
  ['Hello Привет, my old friend', undefined, undefined, 'en-us'],
])('%s with voice %s and language %s: %s', (text, voice, language, chosen) => {
  expect(chooseVoice(text, voice, language)).toBe(chosen);
});

test('an unknown voice name keeps its own variant', () => {
  expect(chooseVoice('Hello', 'nova')).toBe(chooseVoice('Hello', ' Nova '));
  const names = ['alloy', 'echo', 'fable', 'onyx', 'nova', 'shimmer', 'rachel', 'adam'];
  expect(new Set(names.map((name) => chooseVoice('Hello', name))).size).toBeGreaterThan(3);
});

test('whatever the caller writes, the engine gets a voice from our tables', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (voice, language) => {
      expect(chooseVoice('Hello', voice, language)).toMatch(/^[a-z]{2,4}(-[a-z0-9]+)*(\+[mf][1-8])?$/);
    }),
  );
});
