import Type from 'typebox';
import { replyReader } from '../upstream/reply.ts';

const maybe = <Schema extends Type.TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

/** Pictures: `b64_json` from OpenAI and vLLM, a link from LocalAI and many others. */
export const readPictures = replyReader(
  Type.Object({
    data: Type.Array(
      Type.Object({
        b64_json: maybe(Type.String()),
        url: maybe(Type.String()),
        /** xAI: false if the picture was withheld by moderation. */
        respect_moderation: maybe(Type.Boolean()),
      }),
    ),
  }),
  true,
);

/** Embeddings. */
export const readVectors = replyReader(
  Type.Object({
    data: Type.Array(
      Type.Object({ index: Type.Optional(Type.Integer()), embedding: Type.Array(Type.Number()) }),
    ),
    usage: maybe(Type.Object({ prompt_tokens: Type.Optional(Type.Unknown()) })),
  }),
  true,
);

const video = Type.Object({
  id: Type.String({ minLength: 1 }),
  status: Type.Optional(Type.String()),
  progress: maybe(Type.Number()),
  error: Type.Optional(Type.Unknown()),
});
export type Video = Type.Static<typeof video>;
/** The answer to an order of a clip. */
export const readOrderedVideo = replyReader(video, true);
/** The answer to a poll of a clip. */
export const readVideo = replyReader(video, false);

const toolCall = Type.Object({
  index: maybe(Type.Integer()),
  id: maybe(Type.String()),
  function: maybe(
    // Arguments should be JSON text, but some servers send the object itself.
    Type.Object({ name: maybe(Type.String()), arguments: Type.Optional(Type.Unknown()) }),
  ),
});
export type ToolCallPiece = Type.Static<typeof toolCall>;

const message = Type.Object({
  /** Text, or a list of parts. */
  content: Type.Optional(Type.Unknown()),
  refusal: maybe(Type.String()),
  reasoning_content: maybe(Type.String()),
  reasoning: maybe(Type.String()),
  tool_calls: maybe(Type.Array(toolCall)),
});
export type Message = Type.Static<typeof message>;

const chat = Type.Object({
  choices: maybe(
    Type.Array(
      Type.Object({
        delta: maybe(message),
        message: maybe(message),
        finish_reason: maybe(Type.String()),
      }),
    ),
  ),
  usage: maybe(
    // Any type is accepted, so that an invalid count does not make the answer invalid.
    Type.Object({
      prompt_tokens: Type.Optional(Type.Unknown()),
      completion_tokens: Type.Optional(Type.Unknown()),
      completion_tokens_details: maybe(Type.Object({ reasoning_tokens: Type.Optional(Type.Unknown()) })),
      /** Dollars, if a router reports its charge. */
      cost: Type.Optional(Type.Unknown()),
    }),
  ),
  error: Type.Optional(Type.Unknown()),
  done: Type.Optional(Type.Unknown()),
});
/** A chunk of a chat, or a whole chat. */
export type ChatPiece = Type.Static<typeof chat>;
export const readChatPiece = replyReader(chat, true);
