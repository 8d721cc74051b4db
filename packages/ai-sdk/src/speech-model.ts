import type {
  SharedV4Warning,
  SpeechModelV4,
  SpeechModelV4CallOptions,
  SpeechModelV4Result,
} from '@ai-sdk/provider';
import { planCall } from './call-options.ts';
import type { ModelParts } from './image-model.ts';
import { fileMetadataOf, metadataOf, responseOf } from './metadata.ts';
import { downloadAll, finishOrder, placeOrder } from './run-order.ts';

export function createSpeechModel(modelId: string, { open }: Pick<ModelParts, 'open'>): SpeechModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'genlock.speech',
    modelId,
    doGenerate: (options) => generate(modelId, open, options),
  };
}

async function generate(
  model: string,
  open: ModelParts['open'],
  options: SpeechModelV4CallOptions,
): Promise<SpeechModelV4Result> {
  const shop = open();
  const plan = planCall(options);
  const { text, voice, outputFormat, language, instructions, speed } = options;
  const warnings: SharedV4Warning[] = [];
  for (const [feature, value] of Object.entries({ instructions, speed }))
    if (value !== undefined) warnings.push({ type: 'unsupported', feature });
  const input = {
    text,
    ...(voice !== undefined && { voice }),
    ...(outputFormat !== undefined && { format: outputFormat }),
    ...(language !== undefined && language !== 'auto' && { language }),
    ...plan.input,
  };
  const placed = await placeOrder(shop, plan, { model, input });
  const generation = await finishOrder(shop, plan, placed);
  const { timestamp, modelId } = responseOf(generation);
  const [made] = await downloadAll(shop, plan, placed.at('after'), generation);
  return {
    audio: made?.bytes ?? new Uint8Array(),
    warnings,
    ...(generation.usage && { usage: { ...generation.usage } }),
    request: { body: { model, input } },
    response: {
      timestamp,
      modelId,
      ...(made && { headers: { 'content-type': made.asset.content_type } }),
    },
    providerMetadata: {
      genlock: { ...metadataOf(generation), ...(made && { file: fileMetadataOf(generation, made.asset) }) },
    },
  };
}
