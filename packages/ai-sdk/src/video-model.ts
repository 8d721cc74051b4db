import {
  InvalidArgumentError,
  type JSONValue,
  type SharedV4Warning,
  UnsupportedFunctionalityError,
  type Experimental_VideoModelV4 as VideoModelV4,
  type Experimental_VideoModelV4CallOptions as VideoModelV4CallOptions,
  type Experimental_VideoModelV4OperationStatusResult as VideoModelV4OperationStatusResult,
  type Experimental_VideoModelV4Result as VideoModelV4Result,
} from '@ai-sdk/provider';
import { type Generation, parseFailure, type SucceededGeneration } from '@genlock/client';
import type { Circumstances } from './api-error.ts';
import { type CallPlan, planCall, type SdkOptions } from './call-options.ts';
import type { ModelParts } from './image-model.ts';
import { fileMetadataOf, metadataOf, responseOf } from './metadata.ts';
import { downloadAll, finishOrder, type PlacedOrder, placeOrder, telling } from './run-order.ts';
import type { Shop } from './settings.ts';
import { bring, type SourceFile } from './sources.ts';

interface Started {
  readonly shop: Shop;
  readonly plan: CallPlan;
  readonly placed: PlacedOrder;
  readonly warnings: SharedV4Warning[];
}

export function createVideoModel(modelId: string, { open }: Pick<ModelParts, 'open'>): VideoModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'genlock.video',
    modelId,
    maxVideosPerCall: 1,

    async doGenerate(options) {
      const { shop, plan, placed, warnings } = await start(modelId, open(), options);
      const generation = await finishOrder(shop, plan, placed);
      return { warnings, ...(await videosOf(shop, plan, placed.at('after'), generation)) };
    },

    /** The order names the URL, and its end is reported there. */
    async handleWebhookOption({ webhook }) {
      const { url, received } = await webhook();
      return { webhookUrl: url, received };
    },

    async doStart(options) {
      const { webhookUrl } = options;
      const { placed, warnings } = await start(modelId, open(), options, webhookUrl);
      const { generation } = placed;
      return {
        operation: { generationId: generation.id },
        warnings,
        providerMetadata: { genlock: { generationId: generation.id, quotedUsd: generation.cost.quoted_usd } },
        response: responseOf(generation),
      };
    },

    doStatus: (options) => status(open(), options),
  };
}

async function start(
  model: string,
  shop: Shop,
  options: VideoModelV4CallOptions,
  webhookUrl?: string,
): Promise<Started> {
  const plan = planCall(options);
  const { frames, warnings, input } = inputOf(options);
  const roles = Object.keys(frames);
  const brought = await bring(shop, plan, Object.values(frames));
  const sources = Object.fromEntries(roles.map((role, index) => [role, brought[index]]));
  const placed = await placeOrder(shop, plan, {
    model,
    input: { ...input, ...sources, ...plan.input },
    ...(webhookUrl !== undefined && { webhook: { url: webhookUrl } }),
  });
  return { shop, plan, placed, warnings };
}

function inputOf(options: VideoModelV4CallOptions) {
  const { prompt, resolution, aspectRatio, duration, fps, seed, image, frameImages, generateAudio } = options;
  // An error, because an ignored option would be paid for with a different result.
  if (options.inputReferences !== undefined && options.inputReferences.length > 0)
    throw new UnsupportedFunctionalityError({ functionality: 'inputReferences' });
  const frames: Record<string, SourceFile> = { ...(image && { first_frame: image }) };
  for (const { image: frame, frameType } of frameImages ?? []) frames[frameType] = frame;
  const warnings: SharedV4Warning[] = [];
  if (fps !== undefined) warnings.push({ type: 'unsupported', feature: 'fps' });
  if (aspectRatio === 'adaptive') warnings.push({ type: 'unsupported', feature: 'aspectRatio' });
  const aspect = aspectRatio === 'adaptive' ? undefined : (aspectRatio ?? ratioOf(resolution));
  const input = {
    ...(prompt !== undefined && { prompt }),
    ...(resolution !== undefined && { resolution: nameOf(resolution) }),
    ...(aspect !== undefined && { aspect }),
    ...(duration !== undefined && { seconds: duration }),
    ...(generateAudio !== undefined && { sound: generateAudio }),
    ...(seed !== undefined && { seed }),
  };
  return { frames, warnings, input };
}

const sidesOf = (resolution: string): number[] => resolution.split('x').map(Number);

/** `1280x720` is called 720p, after the shorter side. */
function nameOf(resolution: string): string {
  return `${Math.min(...sidesOf(resolution))}p`;
}

/** `1280x720` is 16:9. Sides are rounded for codecs, so the nearest usual ratio is taken. */
function ratioOf(resolution: string | undefined): string | undefined {
  if (resolution === undefined) return undefined;
  const [width = 1, height = 1] = sidesOf(resolution);
  const divisor = greatestCommonDivisor(width, height);
  const near = USUAL.find(([across, down]) => Math.abs((width * down) / (height * across) - 1) < 0.01);
  return (near ?? [width / divisor, height / divisor]).join(':');
}

const USUAL = [
  [16, 9],
  [9, 16],
  [1, 1],
] as const;

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

async function videosOf(
  shop: Shop,
  plan: CallPlan,
  circumstances: Circumstances,
  generation: SucceededGeneration,
): Promise<Omit<VideoModelV4Result, 'warnings'>> {
  const made = await downloadAll(shop, plan, circumstances, generation);
  return {
    videos: made.map(({ bytes, asset }) => ({ type: 'binary', data: bytes, mediaType: asset.content_type })),
    providerMetadata: {
      genlock: {
        ...metadataOf(generation),
        videos: made.map(({ asset }) => ({
          ...fileMetadataOf(generation, asset),
          chargedUsd: generation.cost.charged_usd,
        })),
      },
    },
    response: responseOf(generation),
  };
}

async function status(
  shop: Shop,
  { operation, ...options }: SdkOptions & { readonly operation: JSONValue },
): Promise<VideoModelV4OperationStatusResult> {
  const id = idOf(operation);
  const plan = planCall(options);
  const { headers, signal } = plan;
  const url = `${shop.baseURL}/generations/${id}`;
  const circumstances = { phase: 'status', url, order: undefined, generation: { id } } as const;
  const generation = await telling(circumstances, () => shop.client.generations.get(id, { headers, signal }));
  switch (generation.status) {
    case 'succeeded':
      return {
        status: 'completed',
        warnings: [],
        ...(await videosOf(shop, plan, circumstances, generation)),
      };
    case 'failed':
    case 'canceled':
      return failed(generation);
    default:
      return { status: 'pending', response: responseOf(generation) };
  }
}

function failed(generation: Generation): VideoModelV4OperationStatusResult {
  const error = parseFailure('native', generation);
  return {
    status: 'error',
    error: error === undefined ? 'The generation was canceled.' : `${error.code}: ${error.message}`,
    providerMetadata: {
      genlock: { ...metadataOf(generation), ...(error && { code: error.code, advice: error.advice }) },
    },
    response: responseOf(generation),
  };
}

function idOf(operation: JSONValue): string {
  const id =
    typeof operation === 'object' && operation !== null && 'generationId' in operation
      ? operation.generationId
      : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw new InvalidArgumentError({
    argument: 'operation',
    message: 'operation is none that this provider has started.',
  });
}
