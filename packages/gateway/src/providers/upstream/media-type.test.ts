import { expect, it } from 'vitest';
import { dataUrl, mediaTypeOf } from './media-type.ts';
import { makeFile } from './testing/make-file.ts';

it.each([
  ['image', 'png', 'image/png'],
  ['image', 'jpg', 'image/jpeg'],
  ['image', 'webp', 'image/webp'],
  ['video', undefined, 'video/mp4'],
  ['speech', 'wav', 'audio/wav'],
  ['speech', 'mp3', 'audio/mpeg'],
] as const)('knows %s %s by its first bytes', async (kind, format, contentType) => {
  const { bytes, extension } = await makeFile({ kind, text: 'a mug', format });
  expect(mediaTypeOf(bytes)).toEqual({ contentType, extension: extension === 'jpeg' ? 'jpg' : extension });
});

it('calls what it does not know bytes', () => {
  expect(dataUrl(Buffer.from('hi'))).toBe('data:application/octet-stream;base64,aGk=');
});
