import { generateSpeech } from 'ai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probe } from '../../gateway/src/assets/probe.ts';
import { startTestShop, type TestShop } from '../testing/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

it('generateSpeech brings a voice, and says what it could not follow', async () => {
  const { genlock, ledger } = await shop.open();
  const { audio, warnings, providerMetadata } = await generateSpeech({
    model: genlock.speech('genlock/speech'),
    text: 'Good morning.',
    outputFormat: 'wav',
    language: 'en',
    instructions: 'slowly',
    speed: 2,
  });
  expect([audio.mediaType, audio.format]).toEqual(['audio/wav', 'wav']);
  expect(await probe(audio.uint8Array)).toMatchObject({ contentType: 'audio/wav' });
  expect(warnings.map((warning) => 'feature' in warning && warning.feature)).toEqual([
    'instructions',
    'speed',
  ]);
  expect(providerMetadata.genlock).toMatchObject({
    generationId: expect.stringMatching(/^gen_/),
    chargedUsd: '0.000195',
    file: { mediaType: 'audio/wav' },
  });
  expect(await ledger()).toEqual(['hold 0.000195', 'capture 0.000195']);
});

it('generateSpeech speaks MP3 when nobody says otherwise', async () => {
  const { genlock } = await shop.open();
  const { audio } = await generateSpeech({ model: genlock.speech('genlock/speech'), text: 'Hello.' });
  expect(audio.mediaType).toBe('audio/mpeg');
});
