/** A complete picture of one pixel. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A form that contains it. */
export function formWithPixel(field = 'file'): FormData {
  const form = new FormData();
  form.append(field, new Blob([PIXEL], { type: 'image/png' }), 'pixel.png');
  return form;
}
