import Type from 'typebox';
import { duration, usd } from '../../config/fields.ts';
import { type InputSettings, modelSettings } from '../upstream/model-input.ts';
import { apiKey, baseUrl, type CommonSettings, settingsOf } from '../upstream/settings.ts';

export const settings = settingsOf(
  'The queue of fal, or a server with the same API. Routes name a model as fal does: `fal-ai/flux/dev`.',
  {
    base_url: Type.Optional(baseUrl('https://queue.fal.run')),
    api_key: apiKey(`$\{FAL_KEY}`),
    ...modelSettings({
      usd_per_unit: Type.Optional(
        usd(
          'What one unit of the model costs you, so that the cost of a generation can be recorded.',
          '0.025',
        ),
      ),
    }),
    poll_interval: Type.Optional(duration('How often to poll a request.', '1s', '10ms', '10m')),
  },
);

export interface Settings extends CommonSettings, InputSettings {
  readonly base_url?: string;
  readonly api_key: string;
  readonly models?: Readonly<
    Record<string, NonNullable<InputSettings['models']>[string] & { readonly usd_per_unit?: string | number }>
  >;
  readonly poll_interval?: string;
}
