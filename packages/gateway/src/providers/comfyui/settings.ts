import Type from 'typebox';
import { count, duration, text } from '../../config/fields.ts';
import { apiKey, baseUrl, type CommonSettings, settingsOf } from '../upstream/settings.ts';

const workflow = Type.Object(
  {
    file: text(
      'The workflow, exported from ComfyUI in its API format, with placeholders such as `%prompt%` in the inputs of its nodes.',
      '/etc/genlock/sdxl.json',
      4096,
    ),
    seconds: Type.Optional(
      Type.Array(count('A length in seconds.', 5, 1, 3600), {
        description:
          'The lengths of clips that the workflow makes. The shortest one that is long enough is ordered.',
        minItems: 1,
        maxItems: 100,
      }),
    ),
    fps: Type.Optional(
      count(
        'Frames per second of the clips when the caller names none. `%frames%` is computed from it.',
        16,
        1,
        240,
      ),
    ),
  },
  { additionalProperties: false },
);

export const settings = settingsOf(
  'ComfyUI, on a machine of your own or hosted. A route names one of the `workflows`.',
  {
    base_url: baseUrl('http://127.0.0.1:8188'),
    api_key: Type.Optional(apiKey(`$\{COMFYUI_TOKEN}`)),
    paid: Type.Optional(
      Type.Boolean({
        description:
          'True if work there costs money: a call that may have been accepted is asked about and never ordered again. If false, lost work is done again, and test keys may use the provider.',
        examples: [true],
      }),
    ),
    workflows: Type.Record(Type.String(), workflow, {
      description: 'Settings by model, named as in routes.',
      minProperties: 1,
    }),
    poll_interval: Type.Optional(duration('How often to poll a job.', '1s', '10ms', '10m')),
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
