import Type from 'typebox';
import { duration, usd } from '../../config/fields.ts';
import { type InputSettings, modelSettings } from '../upstream/model-input.ts';
import { apiKey, baseUrl, type CommonSettings, settingsOf } from '../upstream/settings.ts';

export const settings = settingsOf(
  'Replicate, or a server with the same API. Routes name a model as `owner/name`, `owner/name:version` or `deployments/owner/name`.',
  {
    base_url: Type.Optional(baseUrl('https://api.replicate.com/v1')),
    api_key: apiKey(`$\{REPLICATE_API_TOKEN}`),
    ...modelSettings({
      usd_per_second: Type.Optional(
        usd(
          'What one second of the model costs you, so that the cost of a generation can be recorded.',
          '0.000975',
        ),
      ),
    }),
    poll_interval: Type.Optional(duration('How often to poll a prediction.', '1s', '10ms', '10m')),
  },
);

export interface Settings extends CommonSettings, InputSettings {
  readonly base_url?: string;
  readonly api_key: string;
  readonly models?: Readonly<
    Record<
      string,
      NonNullable<InputSettings['models']>[string] & { readonly usd_per_second?: string | number }
    >
  >;
  readonly poll_interval?: string;
}
