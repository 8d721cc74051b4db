import Type from 'typebox';
import { choice, duration, usd } from '../../config/fields.ts';
import { type InputSettings, modelSettings } from '../upstream/model-input.ts';
import { apiKey, baseUrl, type CommonSettings, settingsOf } from '../upstream/settings.ts';

/** The APIs that this provider can use at an upstream. */
export const DIALECTS = ['native', 'kiara', 'getimg', 'skills-video', 'skytells', 'llmtune'] as const;
export type UpstreamDialect = (typeof DIALECTS)[number];

const words = (description: string, example: readonly string[]) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 20 }), {
    ...{ description, examples: [example], minItems: 1, maxItems: 100 },
  });

export const settings = settingsOf(
  'Another Genlock, or a service that speaks one of the five contracts. What can be ordered there can be sold here.',
  {
    base_url: baseUrl('https://genlock.example.com/v1'),
    api_key: apiKey(`$\{GENLOCK_KEY}`),
    dialect: Type.Optional(choice([...DIALECTS], 'The API of the provider. `native` is Genlock’s own.')),
    ...modelSettings({
      aspect_ratios: Type.Optional(
        words('The aspect ratios that the model accepts. The nearest is ordered.', ['16:9', '9:16', '1:1']),
      ),
      resolutions: Type.Optional(
        words('The resolutions that the model accepts. The nearest is ordered.', ['720p', '1080p']),
      ),
    }),
    credit_usd: Type.Optional(
      usd('What one credit of the provider costs you, if it counts in credits.', '0.01'),
    ),
    poll_interval: Type.Optional(duration('How often to poll a job.', '2s', '10ms', '10m')),
  },
);

export interface Settings extends CommonSettings, InputSettings {
  readonly base_url: string;
  readonly api_key: string;
  readonly dialect?: UpstreamDialect;
  readonly models?: Readonly<Record<string, ModelSettings>>;
  readonly credit_usd?: string | number;
  readonly poll_interval?: string;
}

type ModelSettings = NonNullable<InputSettings['models']>[string] & {
  readonly aspect_ratios?: readonly string[];
  readonly resolutions?: readonly string[];
};
