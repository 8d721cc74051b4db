import { mediaTypeOf } from './media-type.ts';
import type { FormPart } from './request.ts';

/** A source picture as a file in a form. Many servers rely on its name and its type. */
export function picturePart(name: string, bytes: Uint8Array, index = 0): FormPart {
  const { contentType, extension } = mediaTypeOf(bytes);
  const known = contentType.startsWith('image/') ? { contentType, extension } : PNG;
  const fileName = `source-${index}.${known.extension}`;
  return { name, value: { bytes, contentType: known.contentType, fileName } };
}

const PNG = { contentType: 'image/png', extension: 'png' };
