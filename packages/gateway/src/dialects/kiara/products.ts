import type { Price, PriceFactor } from '../../domain/pricing.ts';
import { type Model, shippedModel } from '../../gateway/models/model.ts';
import type { InputName } from './create-body.ts';

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly kind: 'image' | 'video';
  readonly price: Price;
  readonly averageSeconds: number;
  /** Required inputs besides the prompt. */
  readonly needs: readonly InputName[];
  /** Optional inputs, besides the required ones and those of all products. */
  readonly takes: readonly InputName[];
}

export const DEFAULT_PRODUCT = 'kiara-image-pro';

/** One credit (contract section 12). */
const CENT = 10_000;

const perCall = (usd: number, factors: readonly PriceFactor[] = []): Price => ({
  unit: 'call',
  usd,
  factors,
  roundTo: CENT,
});

/** "4k may cost more": 1.5 times as much for about four times the pixels. Our number; `genlock.yaml` can change it. */
const FINER: PriceFactor = { dimension: 'image_quality', values: { '4k': 1500 } };

/**
 * 16.6 credits per second is the only rate that gives both published figures: $0.17 (one second, rounded) and $0.83 (five). 1080p costs 1.5
 * times as much, and sound a fifth more; these are our numbers, because the contract only says "may change the price".
 */
const FILM: Price = {
  unit: 'second',
  usd: 166_000,
  factors: [
    { dimension: 'resolution', values: { '1080p': 1500 } },
    { dimension: 'audio', values: { true: 1200 } },
  ],
  roundTo: CENT,
};
/** A price dimension has the name of its input, except this one. */
const INPUT_OF: Readonly<Record<string, InputName>> = { audio: 'generate_audio' };

export function inputOf(dimension: string): string {
  return INPUT_OF[dimension] ?? dimension;
}

const FILM_INPUTS = [
  'aspect',
  'duration_seconds',
  'resolution',
  'generate_audio',
  'reference_image_urls',
] as const satisfies readonly InputName[];

/** Contract section 10. */
export const products: readonly Product[] = [
  {
    id: 'kiara-image-pro',
    name: 'Kiara Image Pro',
    kind: 'image',
    price: perCall(100_000),
    averageSeconds: 60,
    needs: [],
    takes: ['negative_prompt', 'aspect', 'reference_image_urls'],
  },
  {
    id: 'kiara-vogue',
    name: 'Kiara Vogue',
    kind: 'image',
    price: perCall(60_000, [FINER]),
    averageSeconds: 40,
    needs: [],
    takes: ['negative_prompt', 'aspect', 'image_quality', 'reference_image_urls'],
  },
  {
    id: 'kiara-reference',
    name: 'Kiara Reference',
    kind: 'image',
    price: perCall(50_000),
    averageSeconds: 50,
    needs: ['source_image_url'],
    takes: [],
  },
  {
    id: 'kiara-edit',
    name: 'Kiara Edit',
    kind: 'image',
    price: perCall(50_000),
    averageSeconds: 120,
    needs: ['source_image_url'],
    takes: ['second_image_url', 'pose_image_url'],
  },
  {
    id: 'kiara-style',
    name: 'Kiara Style',
    kind: 'image',
    price: perCall(50_000),
    averageSeconds: 60,
    needs: ['source_image_url', 'second_image_url'],
    takes: [],
  },
  {
    id: 'kiara-dream-fast',
    name: 'Kiara Dream Fast',
    kind: 'video',
    price: FILM,
    averageSeconds: 120,
    needs: [],
    takes: FILM_INPUTS,
  },
  {
    id: 'kiara-dream-fast-image',
    name: 'Kiara Dream Fast Image',
    kind: 'video',
    price: FILM,
    averageSeconds: 120,
    needs: ['start_image_url'],
    takes: FILM_INPUTS,
  },
];

const byId: ReadonlyMap<string, Product> = new Map(products.map((product) => [product.id, product]));

export function findProduct(id: string): Product | undefined {
  return byId.get(id);
}

export function takesInput(product: Product, name: InputName): boolean {
  return product.needs.includes(name) || product.takes.includes(name);
}

/** The products as the core knows them. */
export const models: readonly Model[] = products.map(({ id, kind, price }) =>
  shippedModel({ dialect: 'kiara', id, kind, price }),
);
