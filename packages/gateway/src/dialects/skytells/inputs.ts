import { type TSchema, Type } from 'typebox';

/** An input of a model: the schema that validates it, and what is only shown to readers of the model. */
export interface Input {
  readonly schema: TSchema;
  readonly title: string;
  /** It is a URL that is fetched while the job runs. */
  readonly url?: true;
}

export type Inputs = Readonly<Record<string, Input>>;

/** Long enough for signed storage URLs. */
export const MAX_URL = 2048;
const MAX_PROMPT = 4000;
export const MAX_SEED = 4_294_967_295;
/** Our limit: the largest that the built-in engine makes. */
const MAX_SIDE = 2048;

export const ASPECTS = ['1:1', '16:9', '9:16', '4:3', '3:4'] as const;
export type Aspect = (typeof ASPECTS)[number];
export const RESOLUTIONS = ['480p', '720p', '1080p'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

const url = (title: string): Input => ({
  schema: Type.String({ minLength: 1, maxLength: MAX_URL }),
  title,
  url: true,
});
const integer = (title: string, minimum: number, maximum: number, ends: object = {}): Input => ({
  schema: Type.Integer({ minimum, maximum, ...ends }),
  title,
});

export const prompt: Input = {
  schema: Type.String({ minLength: 1, maxLength: MAX_PROMPT, pattern: '\\S' }),
  title: 'Prompt',
};
const negative_prompt: Input = { schema: Type.String({ maxLength: MAX_PROMPT }), title: 'Negative prompt' };
const seed = integer('Seed', 0, MAX_SEED);
const aspect = (fallback: Aspect): Input => ({
  schema: Type.Enum([...ASPECTS], { type: 'string', default: fallback }),
  title: 'Aspect ratio',
});

/** The image inputs in the contract's examples (section 3); with `image` it is image-to-image. */
export const IMAGE_INPUTS: Inputs = {
  prompt,
  negative_prompt,
  aspect_ratio: aspect('1:1'),
  width: integer('Width', 64, MAX_SIDE, { default: 1024 }),
  height: integer('Height', 64, MAX_SIDE, { default: 1024 }),
  num_outputs: integer('Number of outputs', 1, 4, { default: 1 }),
  number_of_images: integer('Number of images', 1, 4),
  guidance: { schema: Type.Number({ minimum: 0, maximum: 20 }), title: 'Guidance' },
  seed,
  output_format: {
    schema: Type.Enum(['png', 'jpg', 'webp'], { type: 'string', default: 'png' }),
    title: 'Output format',
  },
  image: url('Source image'),
};

/** The video inputs in the contract's examples (section 3). `watermark` is ours: something that only the Enterprise plan may switch off. */
export const videoInputs = (resolution: Resolution): Inputs => ({
  prompt,
  negative_prompt,
  duration_seconds: integer('Duration in seconds', 3, 30, { default: 5 }),
  seconds: integer('Duration in seconds', 3, 30),
  aspect_ratio: aspect('16:9'),
  fps: integer('Frames per second', 1, 60),
  resolution: {
    schema: Type.Enum([...RESOLUTIONS], { type: 'string', default: resolution }),
    title: 'Resolution',
  },
  seed,
  image: url('First frame'),
  watermark: { schema: Type.Boolean({ default: true }), title: 'Watermark' },
});

/** A clip with new speech, priced by the length of `video`, which the model's `input_field` names. */
export const LIP_SYNC_INPUTS: Inputs = {
  video: url('Source clip'),
  audio: url('Speech to follow'),
  prompt,
  seed,
  watermark: { schema: Type.Boolean({ default: true }), title: 'Watermark' },
};

/** Section 3, music. */
export const MUSIC_INPUTS: Inputs = {
  lyrics: { schema: Type.String({ minLength: 1, maxLength: 3500, pattern: '\\S' }), title: 'Lyrics' },
  prompt: { schema: Type.String({ maxLength: 2000 }), title: 'Prompt' },
  sample_rate: {
    schema: Type.Unsafe<number>({ type: 'integer', enum: [16_000, 24_000, 32_000, 44_100], default: 44_100 }),
    title: 'Sample rate',
  },
  bitrate: {
    schema: Type.Unsafe<number>({
      type: 'integer',
      enum: [32_000, 64_000, 128_000, 256_000],
      default: 256_000,
    }),
    title: 'Bit rate',
  },
  audio_format: {
    schema: Type.Enum(['mp3', 'wav', 'pcm'], { type: 'string', default: 'mp3' }),
    title: 'Audio format',
  },
  seed,
};

export const SPEECH_INPUTS: Inputs = {
  text: { schema: Type.String({ minLength: 1, maxLength: 4000, pattern: '\\S' }), title: 'Text' },
  voice: { schema: Type.String({ minLength: 1, maxLength: 64 }), title: 'Voice' },
  language: { schema: Type.String({ minLength: 2, maxLength: 16 }), title: 'Language' },
  audio_format: {
    schema: Type.Enum(['mp3', 'wav', 'pcm'], { type: 'string', default: 'mp3' }),
    title: 'Audio format',
  },
  seed,
};
