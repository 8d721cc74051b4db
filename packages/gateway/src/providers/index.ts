import Type, { type TObject } from 'typebox';
import { aiSdk } from './ai-sdk/index.ts';
import { comfyUi } from './comfyui/index.ts';
import { elevenLabs } from './elevenlabs/index.ts';
import { fal } from './fal/index.ts';
import { genlock } from './genlock/index.ts';
import { openAiCompatible } from './openai-compatible/index.ts';
import type { ProviderType } from './provider-type.ts';
import { replicate } from './replicate/index.ts';
import { stability } from './stability/index.ts';

/** The provider types apart from the sandbox, which is created only once for all its names. */
export const providerTypes: readonly ProviderType[] = [
  aiSdk,
  comfyUi,
  elevenLabs,
  fal,
  genlock,
  openAiCompatible,
  replicate,
  stability,
];

const sandboxSettings = Type.Object(
  {},
  { additionalProperties: false, description: 'The built-in free provider.' },
);

/** The settings of every type, by the type's name in genlock.yaml. */
export function providerSettings(): ReadonlyMap<string, TObject> {
  return new Map([
    ['sandbox', sandboxSettings],
    ...providerTypes.map(({ type, settings }) => [type, settings] as const),
  ]);
}
