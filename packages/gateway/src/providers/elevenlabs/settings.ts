import Type, { type Static } from 'typebox';
import { text, usd } from '../../config/fields.ts';
import type { JsonObject } from '../../domain/json.ts';
import { apiKey, baseUrl, settingsOf } from '../upstream/settings.ts';

const format = (description: string, pattern: string, example: string) =>
  Type.String({ description, pattern, examples: [example] });

export const settings = settingsOf('ElevenLabs: speech, sounds and music.', {
  api_key: apiKey(`$\{ELEVENLABS_API_KEY}`),
  voice: text(
    'The id of the voice when the caller names none, or one that is not known.',
    'JBFqnCBsd6RMkjVDRZzb',
  ),
  voices: Type.Optional(
    Type.Record(Type.String(), text('The id of the voice.', 'JBFqnCBsd6RMkjVDRZzb'), {
      description: 'Voices, by the names that callers use. An id is always accepted as a name.',
    }),
  ),
  mp3_format: Type.Optional(
    format(
      'The format that is ordered when the caller wants MP3.',
      '^mp3_\\d{4,6}_\\d{2,3}$',
      'mp3_44100_128',
    ),
  ),
  wav_format: Type.Optional(
    format(
      'The format that is ordered when the caller wants WAV. The highest rates need a higher plan at ElevenLabs.',
      '^(pcm|wav)_\\d{4,6}$',
      'pcm_24000',
    ),
  ),
  credit_usd: Type.Optional(
    usd(
      'What one credit of ElevenLabs costs you, so that the cost of a generation can be recorded.',
      '0.0003',
    ),
  ),
  base_url: Type.Optional(baseUrl('https://api.elevenlabs.io')),
});

export type Settings = Omit<Static<typeof settings>, 'base_url' | 'api_key' | 'parameters'> & {
  readonly base_url?: string;
  readonly api_key: string;
  readonly parameters?: JsonObject;
};
