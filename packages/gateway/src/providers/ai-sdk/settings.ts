import Type from 'typebox';
import { count, duration, headers, text } from '../../config/fields.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ProviderCall } from '../port.ts';
import { ownOf } from '../upstream/model-input.ts';
import { apiKey } from '../upstream/settings.ts';

const providerOptions = Type.Optional(
  Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), {
    description: '`providerOptions` of the AI SDK, sent with every call: by the provider’s name.',
    examples: [{ fal: { enableSafetyChecker: true } }],
  }),
);

const list = (pattern: string, description: string, example: readonly string[]) =>
  Type.Optional(
    Type.Array(Type.String({ pattern }), { description, examples: [example], minItems: 1, maxItems: 100 }),
  );

const model = Type.Object(
  {
    sizes: list('^\\d{1,5}x\\d{1,5}$', 'The sizes that the model accepts. The nearest in shape is ordered.', [
      '1024x1024',
    ]),
    aspect_ratios: list(
      '^\\d{1,3}:\\d{1,3}$',
      'The aspect ratios that the model accepts, in place of sizes. The nearest is ordered.',
      ['1:1', '16:9'],
    ),
    seconds: Type.Optional(
      Type.Array(count('A length in seconds.', 5, 1, 3600), {
        description:
          'The lengths of clips that the model accepts. The shortest one that is long enough is ordered.',
        minItems: 1,
        maxItems: 100,
      }),
    ),
    provider_options: providerOptions,
  },
  { description: 'What a model accepts.', additionalProperties: false },
);

export const settings = Type.Object(
  {
    package: text(
      'A provider for the Vercel AI SDK, version 4 of its specification: an npm package installed beside genlock.yaml, or the path of a module.',
      '@ai-sdk/fal',
    ),
    export: Type.Optional(
      text(
        'The export that creates the provider. Default: the only export whose name begins with `create`.',
        'createFal',
      ),
    ),
    options: Type.Optional(
      Type.Object(
        {
          apiKey: Type.Optional(apiKey(`$\{FAL_KEY}`)),
          headers: Type.Optional(headers('Headers that are sent with every call.')),
        },
        {
          description:
            'Options that the provider is created with, as the package names them. Keep keys in the environment.',
          additionalProperties: { description: 'An option of the package.', examples: [true] },
          examples: [{ apiKey: `$\{FAL_KEY}` }],
        },
      ),
    ),
    provider_options: providerOptions,
    models: Type.Optional(
      Type.Record(Type.String(), model, {
        description: 'Settings by model, under the provider’s own name for it.',
      }),
    ),
    poll_interval: Type.Optional(
      duration('How often to poll a clip that is a job at the provider.', '5s', '10ms', '10m'),
    ),
  },
  {
    description:
      'Pictures, speech and clips from any service that the Vercel AI SDK has a provider for. Loaded only if it is configured.',
    additionalProperties: false,
  },
);

export type ProviderOptions = Readonly<Record<string, JsonObject>>;

export interface ModelSettings {
  readonly sizes?: readonly string[];
  readonly aspect_ratios?: readonly string[];
  readonly seconds?: readonly number[];
  readonly provider_options?: ProviderOptions;
}

export interface Settings {
  readonly package: string;
  readonly export?: string;
  readonly options?: JsonObject;
  readonly provider_options?: ProviderOptions;
  readonly models?: Readonly<Record<string, ModelSettings>>;
  readonly poll_interval?: string;
}

/** The settings of one model. */
export function modelOf({ models = {} }: Settings, name: string): ModelSettings {
  return ownOf(models, name) ?? {};
}

/** The headers of a call: the trace context. */
export function headersOf({ traceparent }: ProviderCall): Record<string, string> {
  return traceparent === undefined ? {} : { traceparent };
}

/** The options of all models, overridden by those of this model. */
export function optionsOf({ provider_options = {} }: Settings, own: ModelSettings): Record<string, never> {
  const merged: Record<string, JsonObject> = { ...provider_options };
  for (const [name, more] of Object.entries(own.provider_options ?? {}))
    merged[name] = { ...merged[name], ...more };
  return merged as Record<string, never>;
}
