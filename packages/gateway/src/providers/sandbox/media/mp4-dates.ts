/** Boxes that contain the boxes with dates. */
const PARENTS = new Set(['moov', 'trak', 'mdia']);
const DATED = new Set(['mvhd', 'tkhd', 'mdhd']);

/** Sets every creation and modification time to 0 ("unknown") in place, because the same job must give the same bytes. */
export function zeroDates(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  walk(view, 0, view.byteLength);
  return file;
}

function walk(view: DataView, from: number, to: number): void {
  for (let at = from; at + 8 <= to; ) {
    const short = view.getUint32(at);
    const header = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short || to - at;
    if (size < header || at + size > to) throw new RangeError('a box does not fit into its file');
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)));
    if (PARENTS.has(type)) walk(view, at + header, at + size);
    else if (DATED.has(type)) clear(view, at + header);
    at += size;
  }
}

/** ISO 14496-12: version and flags, then two dates of 4 bytes each (version 0) or 8 (version 1). */
function clear(view: DataView, at: number): void {
  const bytes = view.getUint8(at) === 1 ? 16 : 8;
  for (let i = 0; i < bytes; i++) view.setUint8(at + 4 + i, 0);
}
