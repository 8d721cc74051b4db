import type { JsonObject } from '../../domain/json.ts';
import type { VideoRequest } from '../../domain/request.ts';
import { fieldsOf, withParameters } from '../upstream/parameters.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import { picturePart } from '../upstream/source-file.ts';
import type { Settings } from './settings.ts';
import { secondsFor, sizeFor } from './sizes.ts';

/** `POST /videos` as a form; one order makes one clip. `picture`: the picture that it starts from. */
export function videoRequest(
  model: string,
  request: VideoRequest,
  picture: Uint8Array | undefined,
  settings: Settings,
): UpstreamRequest {
  const { prompt, negativePrompt, seconds, seed, fps } = request;
  const { extensions = [] } = settings;
  const traits = settings.models?.[model];
  const order: JsonObject = {
    model,
    prompt,
    size: sizeFor(model, request, traits),
    seconds: String(secondsFor(model, seconds, traits)),
    ...(extensions.includes('seed') && { seed }),
    ...(extensions.includes('fps') && fps !== undefined && { fps }),
    ...(extensions.includes('negative_prompt') &&
      negativePrompt !== undefined && { negative_prompt: negativePrompt }),
  };
  const form = fieldsOf(withParameters(order, settings.parameters));
  if (picture !== undefined) form.push(picturePart('input_reference', picture));
  return { method: 'POST', path: '/videos', form };
}
