import type { JsonObject } from '../../domain/json.ts';
import type { ImageRequest } from '../../domain/request.ts';
import { fieldsOf, withParameters } from '../upstream/parameters.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import { picturePart } from '../upstream/source-file.ts';
import type { Settings } from './settings.ts';
import { sizeFor } from './sizes.ts';

/** Models with a parameter for the file format. */
const TAKES_FORMAT = /^(?:gpt-image-|chatgpt-image)/;

export interface ImageOrder {
  readonly model: string;
  readonly request: ImageRequest;
  /** The contents of the source pictures. */
  readonly sources: readonly Uint8Array[];
}

/** `POST /images/generations`, or with sources a form to `/images/edits`. */
export function imageRequest({ model, request, sources }: ImageOrder, settings: Settings): UpstreamRequest {
  const { prompt, negativePrompt, width, height, count, format, seed } = request;
  const { extensions = [] } = settings;
  const order: JsonObject = {
    model,
    prompt,
    n: count,
    ...(width !== undefined &&
      height !== undefined && { size: sizeFor(model, { width, height }, settings.models?.[model]) }),
    ...(TAKES_FORMAT.test(model) && { output_format: format }),
    ...(extensions.includes('seed') && { seed }),
    ...(extensions.includes('negative_prompt') &&
      negativePrompt !== undefined && { negative_prompt: negativePrompt }),
  };
  const json = withParameters(order, settings.parameters);
  if (sources.length === 0) return { method: 'POST', path: '/images/generations', json };
  const name = sources.length === 1 ? 'image' : 'image[]';
  const pictures = sources.map((bytes, index) => picturePart(name, bytes, index));
  return { method: 'POST', path: '/images/edits', form: [...fieldsOf(json), ...pictures] };
}
