import {
  type ImageModelV4,
  type LanguageModelV4,
  NoSuchModelError,
  type ProviderV4,
  type SpeechModelV4,
  type Experimental_VideoModelV4 as VideoModelV4,
} from '@ai-sdk/provider';
import type { Client } from '@genlock/client';
import { createImageModel, type ModelParts } from './image-model.ts';
import { createLanguageModel } from './language-model.ts';
import { createModelFacts } from './model-facts.ts';
import { type GenlockSettings, openShop, type Shop } from './settings.ts';
import { createSpeechModel } from './speech-model.ts';
import { createVideoModel } from './video-model.ts';

/** Models of a gateway by id, e.g. `genlock/image`. Called as a function it returns a text model. */
export interface GenlockProvider extends ProviderV4 {
  (modelId: string): LanguageModelV4;
  image(modelId: string): ImageModelV4;
  speech(modelId: string): SpeechModelV4;
  speechModel(modelId: string): SpeechModelV4;
  video(modelId: string): VideoModelV4;
  videoModel(modelId: string): VideoModelV4;
  chat(modelId: string): LanguageModelV4;
  /** The underlying client: balance, quotes, generations, files. */
  client(): Client;
}

/** A provider for the Vercel AI SDK based on Genlock's native API. Makes no call and needs no key before a model is used. */
export function createGenlock(settings: GenlockSettings = {}): GenlockProvider {
  let shop: Shop | undefined;
  const open = (): Shop => {
    shop ??= openShop(settings);
    return shop;
  };
  const parts: ModelParts = { open, membersOf: createModelFacts(open) };
  const language = (modelId: string) => createLanguageModel(modelId, parts);
  const image = (modelId: string) => createImageModel(modelId, parts);
  const speech = (modelId: string) => createSpeechModel(modelId, parts);
  const video = (modelId: string) => createVideoModel(modelId, parts);
  return Object.assign((modelId: string) => language(modelId), {
    specificationVersion: 'v4' as const,
    languageModel: language,
    chat: language,
    image,
    imageModel: image,
    speech,
    speechModel: speech,
    video,
    videoModel: video,
    embeddingModel(modelId: string): never {
      throw new NoSuchModelError({ modelId, modelType: 'embeddingModel' });
    },
    client: () => open().client,
  });
}

/** Uses the gateway in `GENLOCK_URL` and the key in `GENLOCK_API_KEY`. */
export const genlock: GenlockProvider = createGenlock();
