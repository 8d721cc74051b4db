import type { Price } from '../../domain/pricing.ts';
import { type Model, shippedModel } from '../../gateway/models/model.ts';
import { NAME } from './links.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Shared {
  readonly id: string;
  readonly name: string;
  readonly price: Price;
}

export interface ImageModel extends Shared {
  readonly kind: 'image';
  /** The first one is the default. */
  readonly sizes: readonly string[];
  readonly formats: readonly ('png' | 'jpeg' | 'webp')[];
  readonly maxCount: number;
  readonly maxImages: number;
}

export interface VideoModel extends Shared {
  readonly kind: 'video';
  readonly resolutions: readonly string[];
  readonly aspects: readonly string[];
  readonly seconds: { readonly min: number; readonly max: number; readonly default: number };
}

export interface SpeechModel extends Shared {
  readonly kind: 'speech';
  readonly formats: readonly ('mp3' | 'wav')[];
  readonly maxCharacters: number;
}

export interface TextModel extends Shared {
  readonly kind: 'text';
  readonly maxTokens: { readonly max: number; readonly default: number };
  readonly maxMessages: number;
}

export type NativeModel = ImageModel | VideoModel | SpeechModel | TextModel;

/**
 * The models of a fresh gateway: one of each kind. The prices are ours, near the usual ones; `genlock.yaml` can change them. Factors are in
 * thousandths.
 */
export const nativeModels: readonly NativeModel[] = [
  {
    id: 'genlock/image',
    name: 'Genlock Image',
    kind: 'image',
    sizes: [
      '1024x1024',
      '256x256',
      '512x512',
      '768x768',
      '1280x720',
      '720x1280',
      '1536x1024',
      '1024x1536',
      '2048x2048',
    ],
    formats: ['png', 'jpeg', 'webp'],
    maxCount: 4,
    maxImages: 4,
    price: {
      unit: 'image',
      usd: 40_000,
      factors: [
        {
          dimension: 'size',
          values: {
            '256x256': 250,
            '512x512': 500,
            '768x768': 750,
            '1536x1024': 1500,
            '1024x1536': 1500,
            '2048x2048': 3000,
          },
        },
      ],
    },
  },
  {
    id: 'genlock/video',
    name: 'Genlock Video',
    kind: 'video',
    resolutions: ['720p', '240p', '480p', '1080p'],
    aspects: ['16:9', '9:16', '1:1'],
    seconds: { min: 1, max: 12, default: 5 },
    price: {
      unit: 'second',
      usd: 80_000,
      factors: [
        { dimension: 'resolution', values: { '240p': 250, '480p': 500, '1080p': 2000 } },
        { dimension: 'sound', values: { true: 1250 } },
      ],
    },
  },
  {
    id: 'genlock/speech',
    name: 'Genlock Speech',
    kind: 'speech',
    formats: ['mp3', 'wav'],
    maxCharacters: 5000,
    price: { unit: 'character', usd: 15 },
  },
  {
    id: 'genlock/text',
    name: 'Genlock Text',
    kind: 'text',
    maxTokens: { max: 4096, default: 512 },
    maxMessages: 200,
    price: { unit: 'token', usd: 150_000, outputUsd: 600_000 },
  },
];

const byId: ReadonlyMap<string, NativeModel> = new Map(nativeModels.map((model) => [model.id, model]));

export function findNativeModel(id: string): NativeModel | undefined {
  return byId.get(id);
}

/** `1280x720` as numbers. */
export function sizeOf(written: string): Size {
  const [width = 0, height = 0] = written.split('x').map(Number);
  return { width, height };
}

/** The resolution gives the shorter side. Sides are even, as H.264 requires. */
export function frameOf(resolution: string, aspect: string): Size {
  const short = Number.parseInt(resolution, 10);
  const long = 2 * Math.round((short * 16) / 9 / 2);
  if (aspect === '9:16') return { width: short, height: long };
  return { width: aspect === '1:1' ? short : long, height: short };
}

/** The models as the core knows them. */
export const models: readonly Model[] = nativeModels.map(({ id, kind, price }) =>
  shippedModel({ dialect: NAME, id, kind, price }),
);
