/** Bytes beyond the end are read as zeros: the callers check sizes themselves. */
export function uint32(bytes: Uint8Array, at: number, little = false): number {
  const order = little ? [3, 2, 1, 0] : [0, 1, 2, 3];
  return order.reduce((sum, i) => sum * 256 + (bytes[at + i] ?? 0), 0);
}

export function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
