import { type Static, type TObject, Type } from 'typebox';
import type { JsonObject } from '../../domain/json.ts';
import { type BodyCheck, compileCheck } from '../../http/check-body.ts';
import { imageInput, speechInput, textInput, videoInput } from './inputs.ts';
import { type NativeModel, nativeModels } from './models.ts';
import { EVENTS } from './webhook-events.ts';

const optional = Type.Optional;

export const webhookUrl = Type.String({ minLength: 1, maxLength: 2048, description: 'An https URL.' });
const eventName = Type.Unsafe<(typeof EVENTS)[number]>({ type: 'string', enum: [...EVENTS] });
export const eventNames = Type.Array(eventName, {
  minItems: 1,
  maxItems: EVENTS.length,
  uniqueItems: true,
  description: 'By default the three that tell how it ended.',
});

const envelope = {
  model: Type.String({ minLength: 1, maxLength: 200, description: 'The id of a model.' }),
  metadata: optional(
    Type.Unsafe<JsonObject>({ type: 'object', description: 'Yours to use; at most 4096 bytes of JSON.' }),
  ),
  webhook: optional(
    Type.Object({ url: webhookUrl, events: optional(eventNames) }, { additionalProperties: false }),
  ),
  stream: optional(
    Type.Boolean({ description: 'Text only: answer with server-sent events while it is written.' }),
  ),
};

/** The members of every body, checked before its model is known. */
export const checkEnvelope = compileCheck(
  Type.Object(
    { ...envelope, input: Type.Unsafe<JsonObject>({ type: 'object' }) },
    { additionalProperties: false },
  ),
);
export type Envelope = Static<typeof checkEnvelope.schema>;

export function inputSchema(model: NativeModel): TObject {
  switch (model.kind) {
    case 'image':
      return imageInput(model);
    case 'video':
      return videoInput(model);
    case 'speech':
      return speechInput(model);
    case 'text':
      return textInput(model);
  }
}

/** The complete body of an order for one model, as the OpenAPI document shows it. */
export function createBody(model: NativeModel): TObject {
  return Type.Object(
    {
      ...envelope,
      model: Type.Unsafe<string>({ type: 'string', const: model.id }),
      input: inputSchema(model),
    },
    { additionalProperties: false, title: model.name },
  );
}

const checks: ReadonlyMap<string, BodyCheck<TObject>> = new Map(
  nativeModels.map((model) => [model.id, compileCheck(createBody(model))]),
);

/** The check of the complete body of an order for this model. */
export function checkFor(model: NativeModel): BodyCheck<TObject> {
  const check = checks.get(model.id);
  if (check === undefined) throw new Error(`no schema for ${model.id}`);
  return check;
}
