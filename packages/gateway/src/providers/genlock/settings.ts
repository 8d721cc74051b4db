import Type from 'typebox';
import { choice, duration } from '../../config/fields.ts';
import { type InputSettings, modelSettings } from '../upstream/model-input.ts';
import { apiKey, baseUrl, type CommonSettings, settingsOf } from '../upstream/settings.ts';

/** The APIs that this provider speaks, as an upstream. */
export const DIALECTS = ['native'] as const;
export type UpstreamDialect = (typeof DIALECTS)[number];

export const settings = settingsOf('Another Genlock.', {
  base_url: baseUrl('https://genlock.example.com/v1'),
  api_key: apiKey(`$\{GENLOCK_KEY}`),
  dialect: Type.Optional(choice([...DIALECTS], 'The API that it is called by.')),
  ...modelSettings({}),
  poll_interval: Type.Optional(
    duration('How long to wait between two looks at a job.', '200ms', '10ms', '10m'),
  ),
});

export interface Settings extends CommonSettings, InputSettings {
  readonly base_url: string;
  readonly api_key: string;
  readonly dialect?: UpstreamDialect;
  readonly poll_interval?: string;
}
