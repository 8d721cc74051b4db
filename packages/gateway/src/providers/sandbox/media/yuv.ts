/** Planar 4:2:0, 8 bit, BT.709 limited range, as HD players assume. Sizes are even. */
export type Yuv = { width: number; height: number; bytes: Uint8Array };

/** A layer to put over a frame. Its alpha has luma resolution, and `box` bounds what is not transparent. */
export type YuvLayer = Yuv & {
  alpha: Uint8Array;
  box: { left: number; top: number; right: number; bottom: number };
};

export function emptyYuv(width: number, height: number): Yuv {
  return { width, height, bytes: new Uint8Array((width * height * 3) / 2) };
}

/** Colour is the mean of each 2×2 block. `channels` is 3 (RGB) or 4 (RGBA; alpha is ignored). */
export function toYuv(pixels: Uint8Array, width: number, height: number, channels: 3 | 4): Yuv {
  const out = emptyYuv(width, height);
  const { bytes } = out;
  const size = width * height;
  const at = (i: number) => pixels[i] ?? 0;
  for (let i = 0, p = 0; i < size; i++, p += channels) {
    bytes[i] = (4096 + 46.742 * at(p) + 157.243 * at(p + 1) + 15.874 * at(p + 2) + 128) >> 8;
  }
  let u = size;
  let v = size + size / 4;
  const row = width * channels;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0, p = y * row; x < width; x += 2, p += 2 * channels) {
      const q = p + row;
      const r = at(p) + at(p + channels) + at(q) + at(q + channels);
      const g = at(p + 1) + at(p + channels + 1) + at(q + 1) + at(q + channels + 1);
      const b = at(p + 2) + at(p + channels + 2) + at(q + 2) + at(q + channels + 2);
      bytes[u++] = (131072 - 25.765 * r - 86.674 * g + 112.439 * b + 512) >> 10;
      bytes[v++] = (131072 + 112.439 * r - 102.129 * g - 10.31 * b + 512) >> 10;
    }
  }
  return out;
}

export function toYuvLayer(rgba: Uint8Array, width: number, height: number): YuvLayer {
  const alpha = new Uint8Array(width * height);
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const a = rgba[i * 4 + 3] ?? 0;
      alpha[i] = a;
      if (a === 0) continue;
      if (x < box.left) box.left = x;
      if (x >= box.right) box.right = x + 1;
      if (y < box.top) box.top = y;
      if (y >= box.bottom) box.bottom = y + 1;
    }
  }
  return { ...toYuv(rgba, width, height, 4), alpha, box };
}
