import type { JsonObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/pricing.ts';
import type { GenerationRequest, SourceMedia } from '../../domain/request.ts';
import { type Aspect, MAX_SEED, type Resolution } from './inputs.ts';
import type { ModelSpec } from './models.ts';
import { clipSize, imageSize, sourceSize } from './sizes.ts';
import type { SourceAsset } from './source-asset.ts';

/** An input in canonical form, with the usage that its price depends on. */
export interface CanonicalInput {
  readonly request: GenerationRequest;
  readonly usage: Usage;
}

export interface Asked {
  readonly spec: ModelSpec;
  /** Already checked by the schema of its model. */
  readonly input: JsonObject;
  readonly source: SourceAsset | undefined;
  /** Uniform in [0, 1), for the seed if none was given. */
  readonly random: number;
  readonly steering: string | undefined;
}

/** The canonical form of an input for any model, after every check. */
export function canonicalInput(asked: Asked): CanonicalInput {
  const { request, usage } = requestOf(asked);
  return { request, usage: { ...usage, dimensions: dimensions(asked) } };
}

/** What the operator's price factors may depend on: every choice, given or default, but never a text. */
function dimensions({ spec, input }: Asked): Readonly<Record<string, string>> {
  const choices = Object.entries(spec.inputs).flatMap(([name, { schema }]) => {
    const fallback = (schema as { readonly default?: unknown }).default;
    return fallback === undefined ? [] : [[name, String(input[name] ?? fallback)]];
  });
  return Object.fromEntries(choices);
}

function requestOf(asked: Asked): CanonicalInput {
  switch (asked.spec.type) {
    case 'image':
      return image(asked);
    case 'video':
      return asked.source === undefined ? clip(asked) : lipSync(asked, asked.source);
    case 'audio':
      return speech(asked, text(asked, 'text') ?? '');
    case 'music':
      return speech(asked, `${directivesIn(text(asked, 'prompt'))}${text(asked, 'lyrics') ?? ''}`);
    case 'text':
      throw new Error('predictions do not take text models');
  }
}

function image(asked: Asked): CanonicalInput {
  const count = number(asked, 'num_outputs') ?? number(asked, 'number_of_images') ?? 1;
  const format = text(asked, 'output_format') ?? 'png';
  return {
    request: {
      kind: 'image',
      prompt: text(asked, 'prompt') ?? '',
      ...common(asked),
      ...sizeOfImage(asked),
      count,
      format: format === 'jpg' ? 'jpeg' : format === 'webp' ? 'webp' : 'png',
    },
    usage: { images: count },
  };
}

/** A picture that is edited keeps its size unless another is requested. */
function sizeOfImage(asked: Asked): { width?: number; height?: number } {
  const [width, height] = [number(asked, 'width'), number(asked, 'height')];
  if (width !== undefined || height !== undefined) return { width: width ?? 1024, height: height ?? 1024 };
  const aspect = text(asked, 'aspect_ratio');
  if (aspect === undefined && text(asked, 'image') !== undefined) return {};
  return imageSize((aspect ?? '1:1') as Aspect);
}

function clip(asked: Asked): CanonicalInput {
  const seconds = number(asked, 'duration_seconds') ?? number(asked, 'seconds') ?? 5;
  const resolution = text(asked, 'resolution') ?? asked.spec.resolution ?? '720p';
  const size = clipSize((text(asked, 'aspect_ratio') ?? '16:9') as Aspect, resolution as Resolution);
  const fps = number(asked, 'fps');
  return {
    request: {
      kind: 'video',
      prompt: text(asked, 'prompt') ?? '',
      ...common(asked),
      ...size,
      seconds,
      sound: false,
      ...(fps !== undefined && { fps }),
    },
    usage: { seconds },
  };
}

/** The result is as long and as large as its source. */
function lipSync(asked: Asked, source: SourceAsset): CanonicalInput {
  const { sources: others = [], ...rest } = common(asked);
  return {
    request: {
      kind: 'video',
      prompt: text(asked, 'prompt') ?? 'a person speaking',
      ...rest,
      sources: [{ role: 'video', url: source.url }, ...others],
      ...sourceSize(source),
      seconds: source.seconds,
      sound: true,
    },
    usage: { seconds: source.seconds },
  };
}

/** Slower than anybody speaks, so that the hold covers the cost of the clip; the rest is released. */
const CHARACTERS_PER_SECOND = 5;

function speech(asked: Asked, words: string): CanonicalInput {
  const { seed, steering } = common(asked);
  const [voice, language] = [text(asked, 'voice'), text(asked, 'language')];
  const [sampleRate, bitRate] = [choice(asked, 'sample_rate'), choice(asked, 'bitrate')];
  return {
    request: {
      kind: 'speech',
      text: words,
      seed,
      ...(steering !== undefined && { steering }),
      ...(voice !== undefined && { voice }),
      ...(language !== undefined && { language }),
      // `pcm` is delivered as a WAV file, so that its sample rate is known.
      format: (text(asked, 'audio_format') ?? 'mp3') === 'mp3' ? 'mp3' : 'wav',
      ...(sampleRate !== undefined && { sampleRate }),
      ...(bitRate !== undefined && { bitRate }),
    },
    usage: { calls: 1, seconds: Math.ceil(words.length / CHARACTERS_PER_SECOND) + 1 },
  };
}

interface Common {
  readonly seed: number;
  readonly negativePrompt?: string;
  readonly sources?: readonly SourceMedia[];
  readonly steering?: string;
}

function common(asked: Asked): Common {
  const negativePrompt = text(asked, 'negative_prompt');
  const sources = sourcesOf(asked);
  return {
    seed: number(asked, 'seed') ?? Math.floor(asked.random * (MAX_SEED + 1)),
    ...(negativePrompt !== undefined && { negativePrompt }),
    ...(sources.length > 0 && { sources }),
    ...(asked.steering !== undefined && { steering: asked.steering }),
  };
}

function sourcesOf(asked: Asked): readonly SourceMedia[] {
  const picture = text(asked, 'image');
  const sound = text(asked, 'audio');
  return [
    ...(picture === undefined
      ? []
      : [{ role: asked.spec.type === 'video' ? 'first_frame' : 'source', url: picture } as const]),
    ...(sound === undefined ? [] : [{ role: 'audio', url: sound } as const]),
  ];
}

/** Directives may stand in any text of a request, but a style is not sung, so only its directives are used. */
function directivesIn(style: string | undefined): string {
  return [...(style ?? '').matchAll(/\[\[\s*sandbox\b[^\]]*\]\]/g)]
    .map(([directive]) => `${directive} `)
    .join('');
}

function text({ spec, input }: Asked, name: string): string | undefined {
  const value = name in spec.inputs ? input[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function number({ spec, input }: Asked, name: string): number | undefined {
  const value = name in spec.inputs ? input[name] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** The number that was given, or else the model's default. */
function choice(asked: Asked, name: string): number | undefined {
  const schema = asked.spec.inputs[name]?.schema as { readonly default?: number } | undefined;
  return number(asked, name) ?? schema?.default;
}
