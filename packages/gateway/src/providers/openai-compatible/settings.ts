import Type, { type Static } from 'typebox';
import { choice, count, duration, header, text } from '../../config/fields.ts';
import type { JsonObject } from '../../domain/json.ts';
import { apiKey, baseUrl, settingsOf } from '../upstream/settings.ts';

const EXTENSIONS = ['seed', 'negative_prompt', 'top_k', 'fps'] as const;

const model = Type.Object(
  {
    sizes: Type.Optional(
      Type.Array(Type.String({ pattern: '^\\d{1,5}x\\d{1,5}$', examples: ['1024x1024'] }), {
        description: 'The sizes that it takes, for pictures or clips; the nearest in shape is ordered.',
        minItems: 1,
        maxItems: 100,
      }),
    ),
    seconds: Type.Optional(
      Type.Array(count('A length.', 8, 1, 3600), {
        description: 'The lengths of clips that it takes; the shortest that is long enough is ordered.',
        minItems: 1,
        maxItems: 100,
      }),
    ),
  },
  { description: 'What a model of the server takes, where that is not known.', additionalProperties: false },
);

export const settings = settingsOf(
  'A server that speaks the API of OpenAI: chats, vectors, batches, pictures, speech and clips.',
  {
    base_url: baseUrl('https://api.openai.com/v1'),
    api_key: Type.Optional(apiKey(`$\{OPENAI_API_KEY}`)),
    idempotency_key_header: Type.Optional(
      header(
        'For servers that surely honour it: the header by which a call that is sent again is not done again. Makes lost calls safe to repeat.',
        'Idempotency-Key',
      ),
    ),
    paid: Type.Optional(
      Type.Boolean({
        description:
          'False: work there costs nothing, as on a machine of your own, so lost calls are made again, and test keys may use it.',
        examples: [true],
      }),
    ),
    extensions: Type.Optional(
      Type.Array(choice([...EXTENSIONS], 'A member.'), {
        description: 'Members that this server takes beyond those of OpenAI.',
        examples: [['seed', 'negative_prompt']],
        maxItems: EXTENSIONS.length,
      }),
    ),
    max_tokens_member: Type.Optional(
      choice(
        ['max_tokens', 'max_completion_tokens'],
        'What limits a text is called so. OpenAI itself is known to want `max_completion_tokens`.',
      ),
    ),
    voice: Type.Optional(text('The voice where callers name none.', 'alloy')),
    voices: Type.Optional(
      Type.Record(Type.String(), text('The voice of the server.', 'onyx'), {
        description: 'Voices by the names that callers use; others go on as they are.',
      }),
    ),
    models: Type.Optional(
      Type.Record(Type.String(), model, { description: 'By the server’s own name of the model.' }),
    ),
    batch_concurrency: Type.Optional(count('Prompts of a batch that are asked at a time.', 4, 1, 256)),
    poll_interval: Type.Optional(duration('How often to ask after a clip.', '5s', '10ms', '10m')),
  },
);

export type Settings = Omit<Static<typeof settings>, 'base_url' | 'api_key' | 'parameters'> & {
  readonly base_url: string;
  readonly api_key?: string;
  readonly parameters?: JsonObject;
};
