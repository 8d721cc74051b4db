import Type, { type Static } from 'typebox';
import { choice, count, duration, header, text } from '../../config/fields.ts';
import type { JsonObject } from '../../domain/json.ts';
import { apiKey, baseUrl, settingsOf } from '../upstream/settings.ts';

const EXTENSIONS = ['seed', 'negative_prompt', 'top_k', 'fps'] as const;

const model = Type.Object(
  {
    sizes: Type.Optional(
      Type.Array(Type.String({ pattern: '^\\d{1,5}x\\d{1,5}$', examples: ['1024x1024'] }), {
        description:
          'The sizes that the model accepts, for pictures or clips. The nearest in shape is ordered.',
        minItems: 1,
        maxItems: 100,
      }),
    ),
    seconds: Type.Optional(
      Type.Array(count('A length in seconds.', 8, 1, 3600), {
        description:
          'The lengths of clips that the model accepts. The shortest one that is long enough is ordered.',
        minItems: 1,
        maxItems: 100,
      }),
    ),
  },
  {
    description: 'What a model of the server accepts, where Genlock does not know it.',
    additionalProperties: false,
  },
);

export const settings = settingsOf(
  'A server that speaks OpenAI’s API: chats, vectors, batches, pictures, speech and clips.',
  {
    base_url: baseUrl('https://api.openai.com/v1'),
    api_key: Type.Optional(apiKey(`$\{OPENAI_API_KEY}`)),
    idempotency_key_header: Type.Optional(
      header(
        'The header by which the server recognises a repeated call and does not do it twice. Lost calls are then repeated, so set this only if you are sure that the server honours it.',
        'Idempotency-Key',
      ),
    ),
    paid: Type.Optional(
      Type.Boolean({
        description:
          'False if work there costs nothing, as on a machine of your own. Lost calls are then made again, and test keys may use the provider.',
        examples: [true],
      }),
    ),
    extensions: Type.Optional(
      Type.Array(choice([...EXTENSIONS], 'A member.'), {
        description: 'Request members that this server accepts in addition to OpenAI’s.',
        examples: [['seed', 'negative_prompt']],
        maxItems: EXTENSIONS.length,
      }),
    ),
    max_tokens_member: Type.Optional(
      choice(
        ['max_tokens', 'max_completion_tokens'],
        'The name of the member that limits the length of a text. Genlock knows that OpenAI itself wants `max_completion_tokens`.',
      ),
    ),
    voice: Type.Optional(text('The voice when the caller names none.', 'alloy')),
    voices: Type.Optional(
      Type.Record(Type.String(), text('A voice of the server.', 'onyx'), {
        description:
          'The server’s voices, by the names that callers use. Other names are passed on as they are.',
      }),
    ),
    models: Type.Optional(
      Type.Record(Type.String(), model, {
        description: 'Settings by model, under the server’s own name for it.',
      }),
    ),
    batch_concurrency: Type.Optional(count('How many prompts of a batch are sent at a time.', 4, 1, 256)),
    poll_interval: Type.Optional(duration('How often to poll a clip.', '5s', '10ms', '10m')),
  },
);

export type Settings = Omit<Static<typeof settings>, 'base_url' | 'api_key' | 'parameters'> & {
  readonly base_url: string;
  readonly api_key?: string;
  readonly parameters?: JsonObject;
};
