import { type Static, Type } from 'typebox';
import type { JsonObject } from '../../domain/json.ts';
import { compileCheck } from '../../http/check-body.ts';

/** Long enough for signed storage URLs. */
const MAX_URL = 2048;
const MAX_PROMPT = 4000;
export const MAX_SEED = 4_294_967_295;
/** Vogue allows "up to 4" references; the other products with references give no number (contract section 5). */
const MAX_REFERENCES = 4;

export const ASPECTS = ['portrait', 'landscape', 'square'] as const;
export type Aspect = (typeof ASPECTS)[number];
export const RESOLUTIONS = ['480p', '720p', '1080p'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
export const IMAGE_QUALITIES = ['2k', '4k'] as const;
export type ImageQuality = (typeof IMAGE_QUALITIES)[number];

const url = () => Type.Optional(Type.String({ minLength: 1, maxLength: MAX_URL }));

/** The fields of every product (contract section 5), checked before the product is looked up. */
export const checkSharedFields = compileCheck(
  Type.Object({
    prompt: Type.String({ minLength: 1, maxLength: MAX_PROMPT, pattern: '\\S' }),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_SEED })),
    product: Type.Optional(Type.String()),
    webhook_url: url(),
    metadata: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object' })),
  }),
);

/**
 * The fields of some products, checked once the product is known. A valid value that the product does not take is ignored, but an invalid
 * one is refused for every product: the scenarios of section 18 send `duration_seconds: 16` to the default product.
 */
export const checkProductFields = compileCheck(
  Type.Object({
    negative_prompt: Type.Optional(Type.String({ maxLength: MAX_PROMPT })),
    aspect: Type.Optional(Type.Enum([...ASPECTS])),
    image_quality: Type.Optional(Type.Enum([...IMAGE_QUALITIES])),
    resolution: Type.Optional(Type.Enum([...RESOLUTIONS])),
    duration_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 15 })),
    generate_audio: Type.Optional(Type.Boolean()),
    source_image_url: url(),
    second_image_url: url(),
    pose_image_url: url(),
    start_image_url: url(),
    reference_image_urls: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: MAX_URL }), { maxItems: MAX_REFERENCES }),
    ),
  }),
);

export type ProductFields = Static<typeof checkProductFields.schema>;
/** The inputs by which products differ. */
export type InputName = keyof ProductFields;
