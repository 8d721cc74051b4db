import { describe, expect, it } from 'vitest';
import type { SpeechRequest } from '../../domain/request.ts';
import { soundRequest } from './requests.ts';
import type { Settings } from './settings.ts';

const VOICE = 'JBFqnCBsd6RMkjVDRZzb';
const OTHER = 'ZZZZZZZZZZZZZZZZZZZZ';
const plain: Settings = { api_key: 'k', voice: VOICE };
const request: SpeechRequest = { kind: 'speech', text: 'Hello.', format: 'mp3', seed: 2 ** 32 + 7 };

describe('an order of speech', () => {
  it('names its voice in the path and its format in the query', () => {
    expect(soundRequest('eleven_v3', { ...request, language: 'pt-BR' }, plain)).toEqual({
      method: 'POST',
      path: `/v1/text-to-speech/${VOICE}?output_format=mp3_44100_128`,
      json: { text: 'Hello.', model_id: 'eleven_v3', language_code: 'pt', seed: 7 },
    });
  });

  it.each([
    [undefined, VOICE],
    ['narrator', OTHER],
    ['AAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAA'],
    ['Wise_Woman', VOICE],
    ['constructor', VOICE],
    ['../../v1/user', VOICE],
  ])('speaks as %s by the voice %s', (voice, id) => {
    const asked = voice === undefined ? request : { ...request, voice };
    const { path } = soundRequest('eleven_v3', asked, { ...plain, voices: { narrator: OTHER } });
    expect(path).toContain(`/v1/text-to-speech/${id}?`);
  });

  it('tells a language only to models that take one, and only where it is one', () => {
    const codeOf = (model: string, language: string) =>
      (soundRequest(model, { ...request, language }, plain).json as { language_code?: string }).language_code;
    expect(codeOf('eleven_flash_v2_5', 'EN')).toBe('en');
    expect(codeOf('eleven_multilingual_v2', 'en')).toBeUndefined();
    expect(codeOf('eleven_flash_v2', 'en')).toBeUndefined();
    expect(codeOf('eleven_v3', 'English')).toBeUndefined();
  });

  it('asks for samples where a WAV is wanted, or for what the operator says', () => {
    const pathOf = (settings: Settings) =>
      soundRequest('eleven_v3', { ...request, format: 'wav' }, settings).path;
    expect(pathOf(plain)).toContain('output_format=pcm_24000');
    expect(pathOf({ ...plain, wav_format: 'wav_44100' })).toContain('output_format=wav_44100');
    const settings: Settings = {
      ...plain,
      mp3_format: 'mp3_44100_192',
      parameters: { seed: null, voice_settings: { speed: 1.1 } },
    };
    expect(soundRequest('eleven_v3', request, settings)).toMatchObject({
      path: expect.stringContaining('mp3_44100_192'),
      json: { text: 'Hello.', model_id: 'eleven_v3', voice_settings: { speed: 1.1 } },
    });
  });
});

it('an order of music or of a sound goes where its model is', () => {
  expect(soundRequest('music_v1', request, plain)).toEqual({
    method: 'POST',
    path: '/v1/music?output_format=mp3_44100_128',
    json: { prompt: 'Hello.', model_id: 'music_v1' },
  });
  expect(soundRequest('eleven_text_to_sound_v2', request, plain)).toEqual({
    method: 'POST',
    path: '/v1/sound-generation?output_format=mp3_44100_128',
    json: { text: 'Hello.', model_id: 'eleven_text_to_sound_v2' },
  });
});
