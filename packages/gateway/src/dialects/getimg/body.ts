import { Type } from 'typebox';
import type { Json, JsonObject } from '../../domain/json.ts';
import { compileCheck } from '../../http/check-body.ts';
import type { JsonBody } from '../../http/json-body.ts';
import { ROLES } from './models.ts';

const MAX_PROMPT = 4096;
const MAX_IMAGES = 8;
/** Long enough for signed storage URLs; no length is published. */
const MAX_URL = 4096;

const url = Type.String({ minLength: 1, maxLength: MAX_URL });

export const checkImage = compileCheck(
  Type.Object({
    model: Type.String({ minLength: 1 }),
    prompt: Type.String({ minLength: 1, maxLength: MAX_PROMPT, pattern: '\\S' }),
    images: Type.Optional(
      Type.Array(
        // Users of the typed clients cannot send a role (section 3), so it is optional.
        Type.Object({ url, role: Type.Optional(Type.Enum(['reference_image'])) }),
        { maxItems: MAX_IMAGES },
      ),
    ),
    aspect_ratio: Type.Optional(Type.String()),
    resolution: Type.Optional(Type.String()),
    output_format: Type.Optional(Type.Enum(['png', 'jpeg', 'webp'])),
  }),
);

export const checkVideo = compileCheck(
  Type.Object({
    model: Type.String({ minLength: 1 }),
    prompt: Type.String({ minLength: 1, maxLength: MAX_PROMPT, pattern: '\\S' }),
    images: Type.Optional(
      Type.Array(Type.Object({ url, role: Type.Enum([...ROLES]) }), { maxItems: MAX_IMAGES }),
    ),
    aspect_ratio: Type.Optional(Type.String()),
    resolution: Type.Optional(Type.String()),
    duration: Type.Optional(Type.Integer()),
    sound: Type.Optional(Type.Boolean()),
  }),
);

/** A picture as it appears in the body of an image or a video. */
export interface ImageItem {
  readonly url: string;
  readonly role?: string;
}

/** @throws GenlockError `parameter_missing`, `invalid_parameter` (contract sections 3 and 9.2) */
export const readImageBody = (body: JsonBody) => checkImage(prepared(body));

/** @throws GenlockError `parameter_missing`, `invalid_parameter` (contract sections 4 and 9.2) */
export const readVideoBody = (body: JsonBody) => checkVideo(prepared(body));

const NO_FLOATS: ReadonlySet<string> = new Set();

/**
 * Null members of a picture count as absent, like those of the body. Floats such as `5.0` are accepted: in the vendor's published schema
 * (OpenAPI 3.1) that is an integer, and typed clients may write it so.
 */
function prepared({ object }: JsonBody): JsonBody {
  const { images } = object;
  if (!Array.isArray(images)) return { object, floats: NO_FLOATS };
  return { object: { ...object, images: images.map(withoutNulls) }, floats: NO_FLOATS };
}

function withoutNulls(item: Json): Json {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return item;
  const members = Object.entries(item as JsonObject).filter(([, member]) => member !== null);
  return Object.fromEntries(members);
}
