import type { Price, PriceFactor } from '../../domain/pricing.ts';
import { type Model, shippedModel } from '../../gateway/models/model.ts';
import { NAME } from './links.ts';
import { filmShapes, IMAGE_ASPECTS, type ImageResolution, imageShapes, type Shapes } from './sizes.ts';

export const ROLES = ['reference_image', 'first_frame', 'last_frame'] as const;
export type Role = (typeof ROLES)[number];

interface SpecBase {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly price: Price;
  /** By resolution and then by aspect ratio: what the model takes, with its size in pixels. */
  readonly sizes: Readonly<Record<string, Shapes>>;
  readonly resolution: string;
  readonly aspectRatio: string;
  /** The most pictures that it takes; 0: none. */
  readonly maxImages: number;
  readonly roles: readonly Role[];
}

export interface ImageSpec extends SpecBase {
  readonly type: 'image';
}

export interface VideoSpec extends SpecBase {
  readonly type: 'video';
  readonly durations: readonly number[];
  readonly duration: number;
  /** Whether it can make sound. */
  readonly sound: boolean;
}

export type Spec = ImageSpec | VideoSpec;

/**
 * The extra price of other resolutions, in thousandths. No price is published, so all of them are ours. They are multiples of a tenth of a
 * cent, so that unit price times quantity is a whole number of micro-dollars for every measurable length. `genlock.yaml` can change them.
 */
const FINER: PriceFactor = { dimension: 'resolution', values: { '1K': 500, '4K': 2000 } };

function image(
  id: string,
  name: string,
  createdAt: string,
  usd: number,
  resolutions: readonly [ImageResolution, ...ImageResolution[]],
  maxImages: number,
  aspects: readonly string[] = IMAGE_ASPECTS,
): ImageSpec {
  return {
    type: 'image',
    id,
    name,
    createdAt,
    price: { unit: 'image', usd, factors: resolutions.length > 1 ? [FINER] : [] },
    sizes: Object.fromEntries(
      resolutions.map((resolution) => [resolution, imageShapes(resolution, aspects)]),
    ),
    resolution: resolutions.includes('2K') ? '2K' : resolutions[0],
    aspectRatio: '1:1',
    maxImages,
    roles: maxImages > 0 ? ['reference_image'] : [],
  };
}

/** The five that section 3 calls usual. */
const USUAL = ['1:1', '16:9', '9:16', '2:3', '3:2'];
const FILM_ASPECTS = ['16:9', '9:16', '1:1', '4:3', '3:4'];

const FILM_SIZES = {
  '480p': filmShapes('480p', FILM_ASPECTS),
  '720p': filmShapes('720p', FILM_ASPECTS),
  '1080p': filmShapes('1080p', FILM_ASPECTS),
};

/**
 * Contract section 6. The ids are published, but only this about what they take: `seedream-5-lite` takes 1:1, 16:9 and 2K and refuses 4K;
 * `seedance-v1-pro` takes 16:9, 1080p, 5 and 10 s; `seedance-v1-5-pro` takes first and last frames and sound. The rest is ours.
 */
export const specs: readonly Spec[] = [
  image('gemini-3-1-flash-image', 'Gemini 3.1 Flash Image', '2026-02-26', 70_000, ['1K', '2K', '4K'], 8),
  image('gemini-3-1-flash-lite-image', 'Gemini 3.1 Flash Lite Image', '2026-03-12', 30_000, ['1K'], 4),
  image('seedream-4-5', 'Seedream 4.5', '2025-12-03', 40_000, ['2K', '4K'], 8),
  image('seedream-5-0-lite', 'Seedream 5.0 Lite', '2026-02-13', 40_000, ['1K', '2K'], 8),
  image('seedream-5-lite', 'Seedream 5 Lite', '2026-02-13', 40_000, ['1K', '2K'], 8),
  image('z-image-turbo', 'Z-Image Turbo', '2025-11-27', 10_000, ['1K'], 0, USUAL),
  {
    type: 'video',
    id: 'seedance-v1-5-pro',
    name: 'Seedance 1.5 Pro',
    createdAt: '2025-12-16',
    price: {
      unit: 'second',
      usd: 60_000,
      factors: [
        { dimension: 'resolution', values: { '480p': 500, '720p': 700 } },
        { dimension: 'sound', values: { true: 1500 } },
      ],
    },
    sizes: FILM_SIZES,
    resolution: '1080p',
    aspectRatio: '16:9',
    maxImages: 8,
    roles: ROLES,
    durations: [4, 5, 8, 10, 12],
    duration: 5,
    sound: true,
  },
  {
    type: 'video',
    id: 'seedance-v1-pro',
    name: 'Seedance 1.0 Pro',
    createdAt: '2025-06-11',
    // 0.05 per second, as in the sample of section 8.
    price: {
      unit: 'second',
      usd: 50_000,
      factors: [{ dimension: 'resolution', values: { '480p': 400, '720p': 600 } }],
    },
    sizes: FILM_SIZES,
    resolution: '1080p',
    aspectRatio: '16:9',
    maxImages: 4,
    roles: ['reference_image', 'first_frame'],
    durations: [5, 10],
    duration: 5,
    sound: false,
  },
];

const byId: ReadonlyMap<string, Spec> = new Map(specs.map((spec) => [spec.id, spec]));

export function findSpec<Type extends Spec['type']>(
  id: string,
  type: Type,
): Extract<Spec, { type: Type }> | undefined {
  const spec = byId.get(id);
  return spec?.type === type ? (spec as Extract<Spec, { type: Type }>) : undefined;
}

/** The models as the core knows them. */
export const models: readonly Model[] = specs.map(({ id, type, price }) =>
  shippedModel({ dialect: NAME, id, kind: type, price }),
);
