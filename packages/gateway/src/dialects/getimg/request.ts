import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/pricing.ts';
import type { GenerationRequest } from '../../domain/request.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import type { Model } from '../../gateway/models/model.ts';
import type { JsonBody } from '../../http/json-body.ts';
import { readImageBody, readVideoBody } from './body.ts';
import { NAME } from './links.ts';
import { findSpec, type Spec } from './models.ts';
import type { Size } from './sizes.ts';
import { checkImages, resolveSources } from './sources.ts';

/** A submission in canonical form. */
export interface SubmissionRequest {
  readonly model: Model;
  /** The request with the model's defaults filled in. */
  readonly input: JsonObject;
  readonly request: GenerationRequest;
  readonly usage: Usage;
}

/** Reads the body of one kind of submission. */
export type ReadSubmission = (
  core: Core,
  caller: Caller,
  body: JsonBody,
  steering: string | undefined,
) => Promise<SubmissionRequest>;

/** The contract has no seed, so each submission gets a random one. */
const SEEDS = 2 ** 32;

/** Contract section 3. @throws GenlockError `parameter_missing`, `invalid_parameter`, `model_not_found` */
export const readImageRequest: ReadSubmission = async (core, caller, body, steering) => {
  const { prompt, images = [], output_format = 'jpeg', ...fields } = readImageBody(body);
  const { spec, model } = modelOf(core, fields.model, 'image');
  const { resolution, aspect_ratio, size } = sizeOf(spec, fields);
  checkImages(core, spec, images);
  const sources = await resolveSources(core, caller, images);
  return {
    model,
    input: { model: spec.id, prompt, images, aspect_ratio, resolution, output_format },
    request: {
      kind: 'image',
      prompt,
      seed: Math.floor(core.random() * SEEDS),
      ...size,
      count: 1,
      format: output_format,
      ...(sources.length > 0 && { sources }),
      ...(steering !== undefined && { steering }),
    },
    usage: { images: 1, dimensions: { resolution } },
  };
};

/** Contract section 4. @throws GenlockError `parameter_missing`, `invalid_parameter`, `model_not_found` */
export const readVideoRequest: ReadSubmission = async (core, caller, body, steering) => {
  const { prompt, images = [], sound = false, ...fields } = readVideoBody(body);
  const { spec, model } = modelOf(core, fields.model, 'video');
  const { resolution, aspect_ratio, size } = sizeOf(spec, fields);
  const { duration = spec.duration } = fields;
  if (!spec.durations.includes(duration)) throw unsupported('duration', spec.durations);
  if (sound && !spec.sound)
    throw new GenlockError('invalid_parameter', 'This model makes no sound.', { param: 'sound' });
  checkImages(core, spec, images);
  const sources = await resolveSources(core, caller, images);
  return {
    model,
    input: { model: spec.id, prompt, images, aspect_ratio, resolution, duration, sound },
    request: {
      kind: 'video',
      prompt,
      seed: Math.floor(core.random() * SEEDS),
      ...size,
      seconds: duration,
      sound,
      ...(sources.length > 0 && { sources }),
      ...(steering !== undefined && { steering }),
    },
    usage: { seconds: duration, dimensions: { resolution, sound: String(sound) } },
  };
};

/** A model of the other kind is answered like one that does not exist. */
function modelOf<Type extends Spec['type']>(
  core: Core,
  id: string,
  type: Type,
): { spec: Extract<Spec, { type: Type }>; model: Model } {
  const spec = findSpec(id, type);
  const model = core.models.find(NAME, id);
  if (spec === undefined || model === undefined)
    throw new GenlockError('model_not_found', `There is no such ${type} model.`, { param: 'model' });
  return { spec, model };
}

/** The model decides which sizes are allowed, and which is the default (contract section 6). */
function sizeOf(
  spec: Spec,
  wanted: { resolution?: string; aspect_ratio?: string },
): { resolution: string; aspect_ratio: string; size: Size } {
  const { resolution = spec.resolution, aspect_ratio = spec.aspectRatio } = wanted;
  const shapes = Object.hasOwn(spec.sizes, resolution) ? spec.sizes[resolution] : undefined;
  if (shapes === undefined) throw unsupported('resolution', Object.keys(spec.sizes));
  const size = Object.hasOwn(shapes, aspect_ratio) ? shapes[aspect_ratio] : undefined;
  if (size === undefined) throw unsupported('aspect_ratio', Object.keys(shapes));
  return { resolution, aspect_ratio, size };
}

function unsupported(param: string, values: readonly (string | number)[]): GenlockError {
  return new GenlockError(
    'invalid_parameter',
    `${param} must be one of ${values.join(', ')} for this model.`,
    {
      param,
    },
  );
}
