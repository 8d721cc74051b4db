import { Type } from 'typebox';
import { GenlockError } from '../../../domain/error.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { compileCheck, withoutNulls } from '../../../http/check-body.ts';
import type { JsonBody } from '../../../http/json-body.ts';

const MAX_TEXT = 2048;
const text = () => Type.Optional(Type.String({ minLength: 1, maxLength: MAX_TEXT }));

export const checkTraining = compileCheck(
  Type.Object({
    baseModel: text(),
    modelId: text(),
    model: text(),
    dataset: text(),
    datasetId: text(),
    datasetUrl: text(),
    trainingMethod: Type.Optional(Type.Enum(['sft'])),
    hyperparameters: Type.Optional(
      Type.Object({
        learningRate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
        epochs: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
        batchSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 512 })),
      }),
    ),
    webhookUrl: text(),
  }),
);

/** The values in the samples of contract section 10. */
const DEFAULTS = { learningRate: 0.0001, epochs: 3, batchSize: 64 };

export interface TrainingOrder {
  readonly baseModel: string;
  readonly dataset: string;
  readonly method: string;
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly webhookUrl: string | undefined;
}

/**
 * Reads a training start. The newest page has no names of members, so those of the older pages are accepted too.
 *
 * @throws GenlockError `parameter_missing`, `invalid_parameter`, `parameter_conflict`
 */
export function readTraining(body: JsonBody): TrainingOrder {
  const { baseModel, modelId, model, dataset, datasetId, datasetUrl, ...rest } = checkTraining(present(body));
  // Picked by name: other members are ignored and must not become part of the order.
  const { learningRate, epochs, batchSize } = { ...DEFAULTS, ...rest.hyperparameters };
  return {
    baseModel: oneOf('baseModel', [baseModel, modelId, model]),
    dataset: oneOf('dataset', [dataset, datasetId, datasetUrl]),
    method: rest.trainingMethod ?? 'sft',
    learningRate,
    epochs,
    batchSize,
    webhookUrl: rest.webhookUrl,
  };
}

/** A null hyperparameter counts as absent, like any other member. */
function present(body: JsonBody): JsonBody {
  const { hyperparameters } = body.object;
  if (typeof hyperparameters !== 'object' || hyperparameters === null || Array.isArray(hyperparameters))
    return body;
  const named = withoutNulls(hyperparameters as JsonObject);
  return { ...body, object: { ...body.object, hyperparameters: named } };
}

function oneOf(param: string, spellings: readonly (string | undefined)[]): string {
  const [value, ...others] = new Set(spellings.filter((one) => one !== undefined));
  if (value === undefined) throw new GenlockError('parameter_missing', `${param} is required.`, { param });
  if (others.length > 0)
    throw new GenlockError('parameter_conflict', `Two spellings of ${param} have different values.`, {
      param,
    });
  return value;
}
