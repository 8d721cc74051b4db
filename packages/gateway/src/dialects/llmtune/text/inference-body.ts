import { Type } from 'typebox';
import type { JsonObject } from '../../../domain/json.ts';
import type { Sampling } from '../../../domain/request.ts';
import { compileCheck } from '../../../http/check-body.ts';
import type { JsonBody } from '../../../http/json-body.ts';
import { readMetadata, readSampling, type SamplingDefaults, samplingFields } from './sampling.ts';

const fields = {
  prompt: Type.String({ minLength: 1 }),
  ...samplingFields,
  seed: Type.Optional(Type.Integer()),
  metadata: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object' })),
  stream: Type.Optional(Type.Boolean()),
};

export const checkInference = compileCheck(Type.Object(fields));
export const checkPlayground = compileCheck(
  Type.Object({ modelId: Type.String({ minLength: 1 }), ...fields }),
);

/** Contract section 4. */
export const PROMPT_DEFAULTS: SamplingDefaults = { maxTokens: 1024, topK: 50 };

export interface Inference {
  readonly prompt: string;
  readonly sampling: Sampling;
  readonly seed: number | undefined;
  readonly metadata: JsonObject | null;
  readonly stream: boolean;
}

/** @throws GenlockError `parameter_missing`, `invalid_parameter`, `parameter_conflict` */
export function readInference(body: JsonBody): Inference {
  const { prompt, seed, metadata, stream = false, ...rest } = checkInference(body);
  return {
    prompt,
    sampling: readSampling(rest, PROMPT_DEFAULTS),
    seed,
    metadata: readMetadata(metadata),
    stream,
  };
}

/** The same with the model in the body. */
export function readPlayground(body: JsonBody): Inference & { readonly modelId: string } {
  const { modelId } = checkPlayground(body);
  return { modelId, ...readInference(body) };
}
