import Type from 'typebox';
import { count, duration, text } from '../../config/fields.ts';
import { apiKey, baseUrl, type CommonSettings, settingsOf } from '../upstream/settings.ts';

const workflow = Type.Object(
  {
    file: text(
      'The workflow, exported from ComfyUI in its API format, with places such as `%prompt%` in the inputs of its nodes.',
      '/etc/genlock/sdxl.json',
      4096,
    ),
    seconds: Type.Optional(
      Type.Array(count('A length.', 5, 1, 3600), {
        description: 'The lengths of clips that it makes; the shortest that is long enough is ordered.',
        minItems: 1,
        maxItems: 100,
      }),
    ),
    fps: Type.Optional(
      count(
        'The frames per second of its clips, where callers name none. `%frames%` counts by it.',
        16,
        1,
        240,
      ),
    ),
  },
  { additionalProperties: false },
);

export const settings = settingsOf(
  'ComfyUI, on a machine of your own or hosted. Routes name one of its `workflows`.',
  {
    base_url: baseUrl('http://127.0.0.1:8188'),
    api_key: Type.Optional(apiKey(`$\{COMFYUI_TOKEN}`)),
    paid: Type.Optional(
      Type.Boolean({
        description:
          'True where work costs money: what may have been taken on is asked for, and never ordered again. Otherwise lost work is done again, and test keys may use it.',
        examples: [true],
      }),
    ),
    workflows: Type.Record(Type.String(), workflow, {
      description: 'By the model, as routes name it.',
      minProperties: 1,
    }),
    poll_interval: Type.Optional(duration('How often to ask after a job.', '1s', '10ms', '10m')),
  },
);

export interface WorkflowSettings {
  readonly file: string;
  readonly seconds?: readonly number[];
  readonly fps?: number;
}

export interface Settings extends CommonSettings {
  readonly base_url: string;
  readonly api_key?: string;
  readonly paid?: boolean;
  readonly workflows: Readonly<Record<string, WorkflowSettings>>;
  readonly poll_interval?: string;
}
