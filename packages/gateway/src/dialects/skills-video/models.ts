import type { SkillsVideoFamily } from '@genlock/contracts';
import type { Price, PriceFactor } from '../../domain/pricing.ts';
import type { Kind } from '../../domain/request.ts';
import { type Model, shippedModel } from '../../gateway/models/model.ts';
import { CREDIT } from './credits.ts';
import { choice, type Fields, file, files, flag, integer, N, NEGATIVE, SEED, text } from './fields.ts';
import { NAME } from './links.ts';

export interface Spec {
  /** Provider and model as in the path. */
  readonly id: string;
  readonly family: SkillsVideoFamily;
  readonly price: Price;
  readonly fields: Fields;
  /** At least one of these is required. */
  readonly needs: readonly string[];
  /** Another form of the same model, used for bodies that fit it. */
  readonly variant?: Variant;
}

export interface Variant {
  readonly applies: (body: { get(name: string): unknown }) => boolean;
  readonly fields: Fields;
  readonly needs: readonly string[];
}

type Extra = Partial<Pick<Spec, 'needs' | 'variant'>> & { readonly factors?: readonly PriceFactor[] };

const IMAGE_ASPECTS = ['1:1', '4:3', '3:4', '16:9', '9:16', '3:2', '2:3', '21:9'];
const WIDE_TALL = ['16:9', '9:16'];
const WIDE_TALL_SQUARE = ['16:9', '9:16', '1:1'];
const FILM_ASPECTS = ['16:9', '9:16', '1:1', '4:3', '3:4', '21:9'];
/** The extra price of higher resolutions, in thousandths. Our numbers: much less than in proportion to the pixels. */
const FINER: PriceFactor = { dimension: 'resolution', values: { '2K': 1500, '4K': 2500 } };
const FILM_FINER: PriceFactor = { dimension: 'resolution', values: { '480p': 500, '1080p': 1500 } };
const BETTER: PriceFactor = { dimension: 'quality', values: { pro: 1500 } };

/** The fields of image models without a published list (contract section 3, "common"). */
const imageFields = (pictures = 4, resolutions = ['1K', '2K']): Fields => ({
  prompt: text(),
  ...(pictures > 0 && { image_urls: files(pictures) }),
  aspect_ratio: choice(IMAGE_ASPECTS, '1:1'),
  resolution: choice(resolutions, '1K'),
  negative_prompt: NEGATIVE,
  seed: SEED,
  n: N,
});

/** The same for video models. */
const filmFields = (most = 15, sources: Fields = {}): Fields => ({
  prompt: text(),
  image_url: file('source'),
  first_frame_url: file('first_frame'),
  last_frame_url: file('last_frame'),
  ...sources,
  duration: integer(1, most, 5),
  resolution: choice(['480p', '720p', '1080p'], '720p'),
  aspect_ratio: choice(FILM_ASPECTS, '16:9'),
  generate_audio: flag(false),
  negative_prompt: NEGATIVE,
  seed: SEED,
  n: N,
});

const CLIP: Fields = { video_url: file('video', 'video') };
const SOUND: Fields = { audio_url: file('audio', 'audio') };

/** `credits`: the price of one picture. */
function image(id: string, credits: number, fields = imageFields(), extra: Extra = {}): Spec {
  const { factors = [FINER], ...rest } = extra;
  const price: Price = { unit: 'image', usd: credits * CREDIT, factors, roundTo: CREDIT };
  return { id, family: 'IMAGE', price, fields, needs: ['prompt'], ...rest };
}

/** `credits`: the price of one second. */
function film(id: string, credits: number, fields = filmFields(), extra: Extra = {}): Spec {
  const { factors = [FILM_FINER], ...rest } = extra;
  const price: Price = { unit: 'second', usd: credits * CREDIT, factors, roundTo: CREDIT };
  return { id, family: 'VIDEO', price, fields, needs: ['prompt'], ...rest };
}

/** Models that work on a source: a prompt is optional if there is a file. */
const onSource = (...names: readonly string[]): Extra => ({ needs: ['prompt', ...names] });

/** Kling's motion control: a character that moves as in a clip (docs /api-reference/kling-v26-video, variant B). */
const MOTION: Fields = {
  prompt: text(),
  image_url: file('source'),
  video_url: file('video', 'video'),
  character_orientation: choice(['image', 'video'], 'video'),
  quality: choice(['standard', 'pro'], 'standard'),
  keep_original_sound: flag(true),
};
const MOTION_NEEDS = ['prompt', 'image_url', 'video_url'];

/** A lip-sync model takes a clip (or a face) and a voice. */
const LIPS = filmFields(60, { ...CLIP, ...SOUND });

/** The longest text for speech. Our limit: the contract only says that there is one. */
const MAX_SPEECH = 10_000;

/**
 * Every create path of contract section 3, with its fields if they are published; the others get the common ones. No price is published, so
 * all are ours, but the five seconds in the sample of section 4 cost its 20 credits.
 */
export const specs: readonly Spec[] = [
  image('google/nano-banana-2', 8, imageFields(14, ['1K', '2K', '4K'])),
  image('google/nano-banana-pro', 14, imageFields(14, ['1K', '2K', '4K'])),
  image('google/nano-banana', 4),
  image('openai/gpt-image-1.5', 6),
  image('openai/gpt-image-1', 5),
  image('kling-ai/v3/image', 3),
  image('kling-ai/o3-image', 3),
  image('kling-ai/o1-image', 3),
  image('xai/grok-imagine-image', 2),
  image('bytedance/seedream-5-lite', 4, imageFields(14)),
  image('bytedance/seedream-4.5', 4, imageFields(14, ['1K', '2K', '4K'])),
  image('bytedance/seedream-4.0', 3, imageFields(10, ['1K', '2K', '4K'])),
  image('qwen/qwen-image-2-pro', 7),
  image('qwen/qwen-image-2', 4),
  image('qwen/qwen-image', 3),
  image('vidu/q2/text-to-image', 3, imageFields(0)),
  image('runwayml/gen4-image', 8),
  image('runwayml/gen4-image-turbo', 2),
  image('black-forest-labs/flux-2-pro', 5, imageFields(8)),
  image('black-forest-labs/kontext', 4),
  image('ideogram/ideogram', 6),
  image('z-image/z-image', 1, imageFields(0)),
  image(
    'topaz/upscale/image',
    5,
    { prompt: text(), image_url: file('source'), seed: SEED },
    { ...onSource('image_url'), factors: [] },
  ),

  film('openai/sora-2-pro', 30, filmFields(25)),
  film('openai/sora-2', 10, filmFields(15)),
  film('google/veo-2', 35, filmFields(8)),
  film('google/veo-3.1', 20, {
    prompt: text(),
    mode: choice(['text-image', 'reference', 'frames']),
    reference_image_urls: files(3),
    first_frame_url: file('first_frame'),
    last_frame_url: file('last_frame'),
    duration: integer(4, 8, 8),
    resolution: choice(['720p', '1080p'], '1080p'),
    aspect_ratio: choice(WIDE_TALL, '16:9'),
    generate_audio: flag(true),
    negative_prompt: NEGATIVE,
    seed: SEED,
    n: N,
  }),
  film('google/veo-3.1-fast', 10, filmFields(8)),
  film('google/veo-3.1-lite', 5, {
    prompt: text(),
    mode: choice(['text-image', 'frames']),
    image_url: file('source'),
    image_urls: files(3),
    first_frame_url: file('first_frame'),
    last_frame_url: file('last_frame'),
    duration: integer(4, 8, 8),
    resolution: choice(['720p', '1080p'], '720p'),
    aspect_ratio: choice(WIDE_TALL, '16:9'),
    negative_prompt: NEGATIVE,
    seed: SEED,
    n: N,
  }),
  film('bytedance/seedance-1-pro', 6, filmFields(12)),
  film('bytedance/seedance-1-pro-fast', 3, filmFields(12)),
  film('bytedance/seedance-1.5', 6, filmFields(12)),
  film('bytedance/omnihuman-v1.5', 14, filmFields(60, SOUND), onSource('image_url', 'audio_url')),
  film('xai/grok-imagine-video', 5, filmFields(15)),
  film(
    'kling-ai/v3/video',
    4,
    {
      prompt: text(),
      duration: integer(3, 15, 5),
      generate_audio: flag(true),
      quality: choice(['standard', 'pro'], 'standard'),
      image_url: file('source'),
      first_frame_url: file('first_frame'),
      last_frame_url: file('last_frame'),
      negative_prompt: NEGATIVE,
      aspect_ratio: choice(WIDE_TALL_SQUARE, '16:9'),
      n: N,
    },
    { factors: [BETTER] },
  ),
  film('kling-ai/o3/video', 8, filmFields(15, CLIP)),
  film('kling-ai/o3/edit', 10, filmFields(15, CLIP), onSource('video_url')),
  film('kling-ai/o1/video', 8, filmFields(10, CLIP)),
  film('kling-ai/o1/edit', 10, filmFields(10, CLIP), onSource('video_url')),
  film(
    'kling-ai/kling-v2.6',
    7,
    {
      feature: choice(['text-image-to-video', 'motion-control'], 'text-image-to-video'),
      prompt: text(),
      image_url: file('source'),
      end_image_url: file('last_frame'),
      generate_audio: flag(true),
      aspect_ratio: choice(WIDE_TALL_SQUARE, '16:9'),
      negative_prompt: NEGATIVE,
      duration: integer(1, 10, 5),
    },
    {
      factors: [BETTER],
      variant: {
        // The name that selects variant B is not published; a clip to imitate says the same.
        applies: (body) =>
          body.get('feature') === 'motion-control' ||
          ((body.get('feature') ?? null) === null && (body.get('video_url') ?? null) !== null),
        fields: { feature: choice(['text-image-to-video', 'motion-control'], 'motion-control'), ...MOTION },
        needs: MOTION_NEEDS,
      },
    },
  ),
  film('kling-ai/motion-control-v2.6', 7, MOTION, { needs: MOTION_NEEDS, factors: [BETTER] }),
  film('kling-ai/kling-v2.5-turbo', 7, filmFields(10)),
  film('runwayml/gen-4.5', 12, filmFields(10)),
  film('runwayml/gen4-turbo', 5, filmFields(10)),
  film('runwayml/gen4-aleph', 15, filmFields(10, CLIP), onSource('video_url')),
  film('runwayml/upscale-v1', 2, filmFields(40, CLIP), onSource('video_url')),
  film('wan/wan-v2.6', 6, filmFields(15)),
  film('luma/ray-2', 9, filmFields(10)),
  film('luma/ray-2-flash', 3, filmFields(10)),
  film('vidu/q2/video-turbo', 4, filmFields(10)),
  film('vidu/q3', 7, filmFields(16)),
  film('minimax/hailuo-2.3', 5, filmFields(10)),
  film('minimax/hailuo-2.3-fast', 3, filmFields(10)),
  film('lightricks/ltx-2.3', 4, filmFields(20)),
  film('lightricks/ltx-2.3/audio-to-video', 6, filmFields(20, SOUND), onSource('image_url', 'audio_url')),
  film('lightricks/ltx-2.3/extend-video', 6, filmFields(20, CLIP), onSource('video_url')),
  film('lightricks/ltx-2.3/retake-video', 6, filmFields(20, CLIP), onSource('video_url')),
  film('pixverse/v5.6', 6, filmFields(10)),
  film('pixverse/lipsync', 4, LIPS, onSource('video_url', 'audio_url')),
  film('sync/lipsync-2', 5, LIPS, onSource('video_url', 'audio_url')),
  film('veed/lipsync', 7, LIPS, onSource('video_url', 'audio_url')),
  film('topaz/upscale/video', 2, filmFields(60, CLIP), onSource('video_url')),

  {
    id: 'minimax-tts/speech-02-hd',
    family: 'TTS',
    // Charged for every 100 characters begun (see request.ts): rounded to credits, a short text could otherwise be free.
    price: { unit: 'call', usd: CREDIT, roundTo: CREDIT },
    fields: { text: text(MAX_SPEECH), voice: text(200), language: text(40) },
    needs: ['text'],
  },
];

const byId: ReadonlyMap<string, Spec> = new Map(specs.map((spec) => [spec.id, spec]));

export function findSpec(id: string): Spec | undefined {
  return byId.get(id);
}

/** Provider and model of an id: the first segment of the path, and the rest. */
export function partsOf(id: string): { readonly provider: string; readonly model: string } {
  const at = id.indexOf('/');
  return { provider: id.slice(0, at), model: id.slice(at + 1) };
}

/**
 * The family of any path (contract section 11.3): that of the model; else that of its provider, if all its models have the same; else what
 * the name suggests.
 */
export function familyOf(id: string): SkillsVideoFamily {
  const known = byId.get(id);
  if (known !== undefined) return known.family;
  const { provider } = partsOf(`${id}/`);
  const families = new Set(
    specs.filter((spec) => partsOf(spec.id).provider === provider).map(({ family }) => family),
  );
  const [only] = families;
  if (only !== undefined && families.size === 1) return only;
  const path = id.toLowerCase();
  if (path.includes('image')) return 'IMAGE';
  return path.includes('tts') || path.includes('speech') ? 'TTS' : 'VIDEO';
}

const KIND = { IMAGE: 'image', VIDEO: 'video', TTS: 'speech' } as const satisfies Record<
  SkillsVideoFamily,
  Kind
>;

export function familyOfKind(kind: Kind): SkillsVideoFamily {
  if (kind === 'image') return 'IMAGE';
  return kind === 'speech' ? 'TTS' : 'VIDEO';
}

/** The models as the core knows them. */
export const models: readonly Model[] = specs.map(({ id, family, price }) =>
  shippedModel({ dialect: NAME, id, kind: KIND[family], price }),
);
