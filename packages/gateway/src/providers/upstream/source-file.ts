import type { FormPart } from './request.ts';

/** The first bytes of the kinds of pictures that callers send, as text of one byte a character. */
const SIGNATURES = [
  [/^\x89PNG/, 'png'],
  [/^\xff\xd8\xff/, 'jpeg'],
  [/^RIFF.{4}WEBP/s, 'webp'],
  [/^GIF8/, 'gif'],
] as const;

/** A source picture as a file of a form; many servers go by its name and its type. */
export function picturePart(name: string, bytes: Uint8Array, index = 0): FormPart {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  const kind = SIGNATURES.find(([signature]) => signature.test(start))?.[1] ?? 'png';
  return { name, value: { bytes, contentType: `image/${kind}`, fileName: `source-${index}.${kind}` } };
}
