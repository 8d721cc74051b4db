import type { ImageModelV4 } from '@ai-sdk/provider';
import { GenlockError } from '../../domain/error.ts';
import type { ImageRequest } from '../../domain/request.ts';
import type { Delivered, Output, ProviderCall } from '../port.ts';
import { inParts, mostOf } from './parts.ts';
import { headersOf, modelOf, optionsOf, type Settings } from './settings.ts';
import { shapeOf } from './shape.ts';
import { readSources } from './sources.ts';

/** Makes pictures, in as many calls as the model needs. */
export async function pictures(
  model: ImageModelV4,
  settings: Settings,
  call: ProviderCall,
  request: ImageRequest,
): Promise<Delivered> {
  const own = modelOf(settings, call.model);
  const files = (await readSources(call, ['source', 'second', 'pose', 'reference']))(
    ...(['source', 'second', 'pose', 'reference'] as const),
  );
  if (files.length > 0 && (await model.supportsFileInputs) === false)
    throw new GenlockError('model_misconfigured', undefined, { raw: 'the model takes no pictures' });
  const options = {
    ...{ prompt: request.prompt, seed: request.seed, ...shapeOf(request, own), mask: undefined },
    ...{ files: files.length > 0 ? files : undefined, providerOptions: optionsOf(settings, own) },
    ...{ abortSignal: call.signal, headers: headersOf(call) },
  };
  const most = await mostOf(model.maxImagesPerCall, call.model);
  const { made, lost } = await inParts(call, request.count, most, async (n) => {
    const { images, isRetryable } = await model.doGenerate({ ...options, n });
    if (images.length === 0 && isRetryable === true)
      throw new GenlockError('upstream_invalid_result', undefined, {
        raw: 'no picture; it may be tried again',
      });
    return images.map(outputOf);
  });
  return { outputs: made, ...lost };
}

function outputOf(image: string | Uint8Array): Output {
  return { bytes: typeof image === 'string' ? Buffer.from(image, 'base64') : image, contentType: '' };
}
