import Type, { type Static } from 'typebox';
import { duration } from '../../config/fields.ts';
import type { JsonObject } from '../../domain/json.ts';
import { apiKey, baseUrl, settingsOf } from '../upstream/settings.ts';

export const settings = settingsOf('Stability AI: pictures, edits and enlargements.', {
  api_key: apiKey(`$\{STABILITY_API_KEY}`),
  strength: Type.Optional(
    Type.Number({
      description: 'How far the result may depart from the source picture: 0 not at all, 1 completely.',
      examples: [0.65],
      minimum: 0,
      maximum: 1,
    }),
  ),
  poll_interval: Type.Optional(
    duration('How often to poll work that is not done at once.', '5s', '10ms', '10m'),
  ),
  base_url: Type.Optional(baseUrl('https://api.stability.ai')),
});

export type Settings = Omit<Static<typeof settings>, 'base_url' | 'api_key' | 'parameters'> & {
  readonly base_url?: string;
  readonly api_key: string;
  readonly parameters?: JsonObject;
};
