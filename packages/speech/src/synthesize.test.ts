import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_CHARACTERS, phonemes, type SpeechOptions, synthesize, voices } from './index.ts';

const say = async (text: string, options: SpeechOptions = {}) => (await synthesize(text, options)).samples;
const seconds = async (text: string, options: SpeechOptions = {}) =>
  (await say(text, options)).length / 22_050;

/** Loudness of each 10 ms, from 0 to 1. */
function envelope(samples: Int16Array): number[] {
  const step = 220;
  return Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    const part = samples.subarray(index * step, (index + 1) * step);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / step) / 32_768;
  });
}

/** How often the wave crosses zero, per sample: about 0.05 in a vowel, above 0.3 in a hiss such as "s". */
function hiss(samples: Int16Array): number {
  let crossings = 0;
  for (let index = 1; index < samples.length; index++) {
    if ((samples[index] ?? 0) >= 0 !== (samples[index - 1] ?? 0) >= 0) crossings++;
  }
  return crossings / samples.length;
}

/** The samples that are loud enough to be speech. */
function spoken(samples: Int16Array): Int16Array {
  const loud = envelope(samples).map((level) => level > 0.01);
  return samples.subarray(loud.indexOf(true) * 220, (loud.lastIndexOf(true) + 1) * 220);
}

test('the phonemes are those of the words', async () => {
  expect(await phonemes('The camera sees the light.')).toBe('ðə kˈæmɹə sˈiːz ðə lˈaɪt');
  expect(await phonemes('Take 42')).toBe('tˈeɪk fˈoːɹɾi tˈuː');
  expect(await phonemes('Die Kamera', { language: 'de' })).toBe('diː kˈɑmeːrˌɑː');
});

test('the sound follows the words: "see" hisses first and "eece" last', async () => {
  const see = spoken(await say('see'));
  const eece = spoken(await say('eece'));
  const third = (samples: Int16Array, index: number) =>
    samples.subarray((samples.length * index) / 3, (samples.length * (index + 1)) / 3);
  expect(hiss(third(see, 0))).toBeGreaterThan(3 * hiss(third(see, 2)));
  expect(hiss(third(eece, 2))).toBeGreaterThan(3 * hiss(third(eece, 0)));
});

test('each sentence is heard between pauses', async () => {
  const bursts = (levels: number[]) => {
    let [count, quiet] = [0, 99];
    for (const level of levels) {
      if (level > 0.02 && quiet >= 15) count++;
      quiet = level > 0.02 ? 0 : quiet + 1;
    }
    return count;
  };
  for (const count of [1, 2, 5]) {
    expect(bursts(envelope(await say('Go. '.repeat(count))))).toBe(count);
  }
});

test('the same text gives the same samples, whatever was said before', async () => {
  const first = await say('The light is good.');
  await Promise.all([
    say('Something else entirely, and louder!', { voice: 'nova', rate: 2 }),
    say('Noch etwas', { language: 'de' }),
  ]);
  expect(await say('The light is good.')).toEqual(first);
});

test('text, voice, language, rate and pitch are all heard', async () => {
  const text = 'One two three';
  const said = await Promise.all([
    say(text),
    say('Three two one'),
    say(text, { voice: 'f3' }),
    say(text, { language: 'fr' }),
    say(text, { rate: 1.5 }),
    say(text, { pitch: 1.5 }),
  ]);
  const prints = said.map((samples) => Buffer.from(samples.buffer, samples.byteOffset).toString('base64'));
  expect(new Set(prints).size).toBe(said.length);
});

test('longer texts and slower speech last longer', async () => {
  const one = await seconds('The sea is calm.');
  const four = await seconds('The sea is calm. '.repeat(4));
  expect(four / one).toBeGreaterThan(3.5);
  expect(four / one).toBeLessThan(4.5);
  expect(await seconds('The sea is calm.', { rate: 0.5 })).toBeGreaterThan(1.5 * one);
  expect(await seconds('The sea is calm.', { rate: 2 })).toBeLessThan(0.7 * one);
});

test('10,000 characters are all said', async () => {
  const sentence = 'The camera moves slowly over the sea, and the light changes. ';
  const length = await seconds(sentence.repeat(164));
  const ratio = length / (await seconds(sentence));
  expect(ratio).toBeGreaterThan(155);
  expect(ratio).toBeLessThan(173);
});

test.each(['', '  \n ', '\u0000', '\ud800', '\ufeff'])('%j is a short silence', async (text) => {
  const samples = await say(text);
  expect(samples.length).toBe(4410);
  expect(samples.every((sample) => sample === 0)).toBe(true);
});

test('markup is read out, not obeyed', async () => {
  expect(await phonemes('a <break time="9s"/> b')).toContain('bɹˈeɪk');
  expect(await seconds('a <break time="9s"/> b')).toBeLessThan(9);
  expect(await phonemes('<voice name="de">water</voice>')).toContain('wˈɔːɾɚ');
  expect(await phonemes('[[h@l@U]]')).not.toBe('həlˈəʊ');
  expect(await phonemes('-v de --version')).toContain('vˈiː');
});

test('too long a text is refused', async () => {
  await expect(synthesize('a'.repeat(MAX_CHARACTERS + 1))).rejects.toThrow(RangeError);
});

test('an odd text never breaks the engine', async () => {
  const anything = fc.string({ unit: 'binary', maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(anything, fc.double(), async (text, rate) => {
      expect((await say(text, { rate })).length).toBeGreaterThan(0);
    }),
    { numRuns: 25, seed: 7 },
  );
});

test('voices are listed, and the process keeps its exit code', async () => {
  expect(voices()).toContain('en-us');
  await expect(say('Hello')).resolves.toBeDefined();
  expect(process.exitCode).toBeUndefined();
});
