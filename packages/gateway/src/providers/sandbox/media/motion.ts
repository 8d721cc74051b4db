import type { Yuv, YuvLayer } from './yuv.ts';

/** What the camera sees: `zoom` ≥ 1 about the point (`x`, `y`), in fractions of the frame. */
export type Camera = { zoom: number; x: number; y: number };

/** A soft round light that is added to the luma. Position and radius are in pixels. */
export type Mote = { x: number; y: number; radius: number; strength: number };

/** The source as the camera sees it: bilinear in luma, nearest neighbour in colour, which is not visible in motion. */
export function drawCamera(into: Yuv, source: Yuv, camera: Camera): void {
  const { width: w, height: h } = into;
  const left = (1 - 1 / camera.zoom) * camera.x;
  const top = (1 - 1 / camera.zoom) * camera.y;
  bilinear(into.bytes, source.bytes, w, h, left * w, top * h, 1 / camera.zoom);
  const size = w * h;
  for (const plane of [size, size + size / 4]) {
    nearest(into.bytes, source.bytes, plane, w / 2, h / 2, (left * w) / 2, (top * h) / 2, 1 / camera.zoom);
  }
}

/** 8-bit fixed point: enough for 8-bit samples, and integers give the same result on every machine. */
function bilinear(
  into: Uint8Array,
  from: Uint8Array,
  w: number,
  h: number,
  left: number,
  top: number,
  step: number,
) {
  const columns = new Int32Array(w);
  const weights = new Int32Array(w);
  for (let x = 0; x < w; x++) {
    const fixed = Math.round((left + x * step) * 256);
    const column = Math.min(w - 2, fixed >> 8);
    columns[x] = column;
    weights[x] = Math.min(256, fixed - column * 256);
  }
  for (let y = 0, o = 0; y < h; y++) {
    const fixed = Math.round((top + y * step) * 256);
    const line = Math.min(h - 2, fixed >> 8);
    const row = line * w;
    const fy = Math.min(256, fixed - line * 256);
    for (let x = 0; x < w; x++, o++) {
      const i = row + (columns[x] ?? 0);
      const fx = weights[x] ?? 0;
      const a = from[i] ?? 0;
      const c = from[i + w] ?? 0;
      const upper = (a << 8) + ((from[i + 1] ?? 0) - a) * fx;
      const lower = (c << 8) + ((from[i + w + 1] ?? 0) - c) * fx;
      into[o] = ((upper << 8) + (lower - upper) * fy + 32768) >> 16;
    }
  }
}

function nearest(
  into: Uint8Array,
  from: Uint8Array,
  plane: number,
  w: number,
  h: number,
  left: number,
  top: number,
  step: number,
) {
  const columns = new Int32Array(w);
  for (let x = 0; x < w; x++) columns[x] = Math.min(w - 1, Math.round(left + x * step));
  for (let y = 0, o = plane; y < h; y++) {
    const row = plane + Math.min(h - 1, Math.round(top + y * step)) * w;
    for (let x = 0; x < w; x++, o++) into[o] = from[row + (columns[x] ?? 0)] ?? 0;
  }
}

/** Draws the layer over the frame, moved by (`dx`, `dy`) pixels; even steps keep luma and colour aligned. */
export function drawLayer(into: Yuv, layer: YuvLayer, dx: number, dy: number): void {
  const { width: w, height: h, bytes } = into;
  const mx = Math.round(dx / 2) * 2;
  const my = Math.round(dy / 2) * 2;
  const { box, alpha } = layer;
  const x0 = Math.max(0, box.left + mx) & ~1;
  const x1 = Math.min(w, box.right + mx);
  const y0 = Math.max(0, box.top + my) & ~1;
  const y1 = Math.min(h, box.bottom + my);
  const size = w * h;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const s = (y - my) * w + x - mx;
      const a = alpha[s] ?? 0;
      if (a === 0 || x < mx || x - mx >= w) continue;
      const o = y * w + x;
      bytes[o] = blend(bytes[o] ?? 0, layer.bytes[s] ?? 0, a);
      if ((x | y) & 1) continue;
      const co = size + (y >> 1) * (w >> 1) + (x >> 1);
      const cs = size + ((y - my) >> 1) * (w >> 1) + ((x - mx) >> 1);
      bytes[co] = blend(bytes[co] ?? 0, layer.bytes[cs] ?? 0, a);
      bytes[co + size / 4] = blend(bytes[co + size / 4] ?? 0, layer.bytes[cs + size / 4] ?? 0, a);
    }
  }
}

function blend(under: number, over: number, alpha: number): number {
  return under + Math.round(((over - under) * alpha) / 255);
}

export function drawMote(into: Yuv, { x, y, radius, strength }: Mote): void {
  const { width: w, height: h, bytes } = into;
  for (let py = Math.max(0, Math.ceil(y - radius)); py < Math.min(h, y + radius); py++) {
    for (let px = Math.max(0, Math.ceil(x - radius)); px < Math.min(w, x + radius); px++) {
      const near = 1 - ((px - x) ** 2 + (py - y) ** 2) / radius ** 2;
      if (near <= 0) continue;
      const o = py * w + px;
      bytes[o] = Math.min(235, (bytes[o] ?? 0) + Math.round(strength * near * near));
    }
  }
}
