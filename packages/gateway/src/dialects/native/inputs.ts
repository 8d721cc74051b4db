import { type Static, Type } from 'typebox';
import type { JsonObject } from '../../domain/json.ts';
import type { ImageModel, SpeechModel, TextModel, VideoModel } from './models.ts';

/*
 * What `input` may contain, for each kind of model, with the sizes, lengths and formats of its row in the model table. The same schemas
 * check requests, describe models and are in the OpenAPI document. Unknown members are refused: if a misspelt option were ignored, the
 * caller would pay for something else.
 */

const MAX_PROMPT = 4000;
const MAX_CONTENT = 100_000;
const MAX_LINK = 2048;
/** The same limits as OpenAI's. */
const MAX_TOOLS = 128;
const MAX_TOOL_NAME = 128;
export const MAX_SEED = 4_294_967_295;

const closed = { additionalProperties: false };
const optional = Type.Optional;

const prompt = Type.String({
  minLength: 1,
  maxLength: MAX_PROMPT,
  pattern: '\\S',
  description: 'What to make. Sandbox directives may stand in it.',
});
const seed = Type.Integer({
  minimum: 0,
  maximum: MAX_SEED,
  description: 'The same seed and input give the same result, where the model can. Drawn when absent.',
});
const link = (description: string) => Type.String({ minLength: 1, maxLength: MAX_LINK, description });
const choice = <Value extends string>(values: readonly Value[], description: string) =>
  Type.Unsafe<Value>({ type: 'string', enum: [...values], default: values[0], description });

const SOURCE = 'an https URL, the URL of a file of yours here, or its id';

export const imageInput = ({ sizes, formats, maxCount, maxImages }: ImageModel) =>
  Type.Object(
    {
      prompt,
      negative_prompt: optional(Type.String({ maxLength: MAX_PROMPT, description: 'What to leave out.' })),
      size: optional(choice(sizes, 'Width x height. With `images`, the size of the first by default.')),
      count: optional(
        Type.Integer({ minimum: 1, maximum: maxCount, default: 1, description: 'How many images.' }),
      ),
      format: optional(choice(formats, 'File format.')),
      images: optional(
        Type.Array(link(SOURCE), {
          minItems: 1,
          maxItems: maxImages,
          description: `Images to work on, the first before all: ${SOURCE}.`,
        }),
      ),
      seed: optional(seed),
    },
    closed,
  );

export const videoInput = ({ resolutions, aspects, seconds: { min, max, default: usual } }: VideoModel) =>
  Type.Object(
    {
      prompt,
      negative_prompt: optional(Type.String({ maxLength: MAX_PROMPT, description: 'What to leave out.' })),
      resolution: optional(choice(resolutions, 'The short side.')),
      aspect: optional(choice(aspects, 'Width to height.')),
      seconds: optional(
        Type.Integer({ minimum: min, maximum: max, default: usual, description: 'Length of the clip.' }),
      ),
      sound: optional(Type.Boolean({ default: false, description: 'Whether it has a sound track.' })),
      first_frame: optional(link(`The picture that it starts with: ${SOURCE}.`)),
      last_frame: optional(link(`The picture that it ends with: ${SOURCE}.`)),
      seed: optional(seed),
    },
    closed,
  );

export const speechInput = ({ formats, maxCharacters }: SpeechModel) =>
  Type.Object(
    {
      text: Type.String({
        minLength: 1,
        maxLength: maxCharacters,
        pattern: '\\S',
        description: 'What to say.',
      }),
      voice: optional(
        Type.String({ minLength: 1, maxLength: 100, description: 'A voice that the model knows.' }),
      ),
      language: optional(
        Type.String({
          minLength: 2,
          maxLength: 35,
          description: 'A language tag (BCP 47), such as `en-GB`.',
        }),
      ),
      format: optional(choice(formats, 'File format.')),
      seed: optional(seed),
    },
    closed,
  );

const toolCall = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 200 }),
    name: Type.String({ minLength: 1, maxLength: MAX_TOOL_NAME }),
    arguments: Type.String({ maxLength: MAX_CONTENT, description: 'JSON text, as the model wrote it.' }),
  },
  closed,
);

const message = Type.Object(
  {
    role: Type.Unsafe<'system' | 'user' | 'assistant' | 'tool'>({
      type: 'string',
      enum: ['system', 'user', 'assistant', 'tool'],
    }),
    content: Type.String({
      maxLength: MAX_CONTENT,
      description: 'May be empty only beside `tool_calls`, and as the answer of a tool.',
    }),
    tool_calls: optional(
      Type.Array(toolCall, { minItems: 1, maxItems: MAX_TOOLS, description: 'Of an assistant.' }),
    ),
    tool_call_id: optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Of a tool: the call before it that it answers.',
      }),
    ),
  },
  closed,
);

const tool = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: MAX_TOOL_NAME }),
    description: optional(Type.String({ maxLength: MAX_PROMPT })),
    parameters: optional(
      Type.Unsafe<JsonObject>({ type: 'object', description: 'JSON Schema of its arguments.' }),
    ),
  },
  closed,
);

export const textInput = ({ maxTokens, maxMessages }: TextModel) =>
  Type.Object(
    {
      prompt: optional(
        Type.String({ minLength: 1, maxLength: MAX_CONTENT, description: 'Short for one user message.' }),
      ),
      messages: optional(
        Type.Array(message, {
          minItems: 1,
          maxItems: maxMessages,
          description: 'The conversation so far; either this or `prompt`.',
        }),
      ),
      max_tokens: optional(Type.Integer({ minimum: 1, maximum: maxTokens.max, default: maxTokens.default })),
      temperature: optional(Type.Number({ minimum: 0, maximum: 2, default: 1 })),
      top_p: optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
      top_k: optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      stop: optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 4 })),
      tools: optional(
        Type.Array(tool, {
          minItems: 1,
          maxItems: MAX_TOOLS,
          description: 'The tools that the model may call. Tool calls only come in a stream.',
        }),
      ),
      tool_choice: optional(
        Type.Unsafe<'auto' | 'none' | 'required' | { name: string }>({
          oneOf: [
            { type: 'string', enum: ['auto', 'none', 'required'] },
            {
              type: 'object',
              properties: { name: { type: 'string' } },
              required: ['name'],
              additionalProperties: false,
            },
          ],
          default: 'auto',
          description: 'Whether one has to be called, or which.',
        }),
      ),
      seed: optional(seed),
    },
    closed,
  );

export type ImageInput = Static<ReturnType<typeof imageInput>>;
export type VideoInput = Static<ReturnType<typeof videoInput>>;
export type SpeechInput = Static<ReturnType<typeof speechInput>>;
export type TextInput = Static<ReturnType<typeof textInput>>;
