import Type from 'typebox';
import { maybe, replyReader } from '../../../upstream/reply.ts';

const usage = Type.Object({
  input_tokens: Type.Optional(Type.Unknown()),
  output_tokens: Type.Optional(Type.Unknown()),
});

const cost = maybe(Type.Object({ charged_usd: Type.Optional(Type.String()) }));

const generation = Type.Object({
  id: Type.String({ minLength: 1 }),
  status: Type.String(),
  progress: maybe(
    Type.Object({ percent: Type.Number(), metrics: Type.Record(Type.String(), Type.Number()) }),
  ),
  output: maybe(
    Type.Object({
      assets: Type.Array(
        Type.Object({ id: Type.String({ minLength: 1 }), content_type: Type.Optional(Type.String()) }),
      ),
      text: maybe(Type.String()),
    }),
  ),
  error: Type.Optional(Type.Unknown()),
  usage: maybe(usage),
  cost,
});
export type Generation = Type.Static<typeof generation>;
export const readOrdered = replyReader(generation, true);
export const readLooked = replyReader(generation, false);

export const readList = replyReader(
  Type.Object({ data: Type.Array(Type.Object({ id: Type.String({ minLength: 1 }) })) }),
  false,
);

const limits = Type.Object({
  enum: Type.Optional(Type.Array(Type.Unknown())),
  minimum: Type.Optional(Type.Number()),
  maximum: Type.Optional(Type.Number()),
});
/** What a model takes: the parts of its input schema that orders are adapted to. */
export const readModel = replyReader(
  Type.Object({
    input_schema: Type.Object({ properties: Type.Record(Type.String(), limits) }),
  }),
  false,
);
export type ModelInputs = ReturnType<typeof readModel>['input_schema']['properties'];

export const readUploaded = replyReader(
  Type.Object({ id: Type.String({ minLength: 1 }), expires_at: Type.String() }),
  false,
);

/** Events of a streamed text. */
export const readDelta = replyReader(Type.Object({ text: Type.String() }), true);
export const readToolCalls = replyReader(
  Type.Object({
    calls: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), arguments: Type.String() })),
  }),
  true,
);
export const readEnded = replyReader(
  Type.Object({ finish_reason: Type.Optional(Type.String()), usage: maybe(usage), cost }),
  true,
);
