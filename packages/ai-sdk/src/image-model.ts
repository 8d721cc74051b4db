import {
  type ImageModelV4,
  type ImageModelV4CallOptions,
  type ImageModelV4Result,
  type SharedV4Warning,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { planCall } from './call-options.ts';
import { fileMetadataOf, metadataOf, responseOf } from './metadata.ts';
import type { Members } from './model-facts.ts';
import { downloadAll, finishOrder, placeOrder } from './run-order.ts';
import type { Shop } from './settings.ts';
import { bring } from './sources.ts';

export interface ModelParts {
  readonly open: () => Shop;
  readonly membersOf: (id: string) => Promise<Members>;
}

export function createImageModel(modelId: string, { open, membersOf }: ModelParts): ImageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'genlock.image',
    modelId,
    // The most that one order can ask for, so that one call of the SDK is one order if possible.
    maxImagesPerCall: async () => (await membersOf(modelId)).count?.maximum,
    get supportsFileInputs() {
      return membersOf(modelId).then((members) =>
        members.size === undefined ? undefined : 'images' in members,
      );
    },
    supportsMaskInputs: false,
    doGenerate: (options) => generate(modelId, { open, membersOf }, options),
  };
}

async function generate(
  model: string,
  { open, membersOf }: ModelParts,
  options: ImageModelV4CallOptions,
): Promise<ImageModelV4Result> {
  // An error, because an ignored option would be paid for with a different result.
  if (options.mask !== undefined) throw new UnsupportedFunctionalityError({ functionality: 'mask' });
  const shop = open();
  const plan = planCall(options);
  const warnings: SharedV4Warning[] = [];
  const { prompt, n, size, aspectRatio, seed, files = [] } = options;
  const fitting =
    size === undefined && aspectRatio !== undefined
      ? sizeOfRatio(aspectRatio, (await membersOf(model)).size?.enum)
      : undefined;
  if (aspectRatio !== undefined && fitting === undefined)
    warnings.push({
      type: 'unsupported',
      feature: 'aspectRatio',
      details: size === undefined ? 'The model has no size of this ratio.' : 'The size says it already.',
    });
  const wanted = size ?? fitting;
  const images = await bring(shop, plan, files);
  const input = {
    ...(prompt !== undefined && { prompt }),
    ...(n > 1 && { count: n }),
    ...(wanted !== undefined && { size: wanted }),
    ...(seed !== undefined && { seed }),
    ...(images.length > 0 && { images }),
    ...plan.input,
  };
  const placed = await placeOrder(shop, plan, { model, input });
  const generation = await finishOrder(shop, plan, placed);
  const made = await downloadAll(shop, plan, placed.at('after'), generation);
  return {
    images: made.map(({ bytes }) => bytes),
    // The work was paid for, so an empty result must not be ordered again.
    isRetryable: false,
    warnings,
    providerMetadata: {
      genlock: {
        ...metadataOf(generation),
        images: made.map(({ asset }) => fileMetadataOf(generation, asset)),
      },
    },
    response: responseOf(generation),
  };
}

/** The first size of a model that has this aspect ratio. */
function sizeOfRatio(ratio: string, sizes: readonly unknown[] = []): string | undefined {
  const [across = 0, down = 0] = ratio.split(':').map(Number);
  return sizes.find((size): size is string => {
    const [width = 0, height = 0] = String(size).split('x').map(Number);
    return width > 0 && width * down === height * across;
  });
}
