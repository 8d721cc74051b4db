/** The first bytes of the file types that callers send, as text with one byte per character. */
const SIGNATURES = [
  [/^\x89PNG/, 'image/png', 'png'],
  [/^\xff\xd8\xff/, 'image/jpeg', 'jpg'],
  [/^RIFF.{4}WEBP/s, 'image/webp', 'webp'],
  [/^GIF8/, 'image/gif', 'gif'],
  [/^RIFF.{4}WAVE/s, 'audio/wav', 'wav'],
  [/^(?:ID3|\xff[\xe2-\xfb])/, 'audio/mpeg', 'mp3'],
  [/^OggS/, 'audio/ogg', 'ogg'],
  [/^fLaC/, 'audio/flac', 'flac'],
  [/^.{4}ftyp(?:M4A|mp4a)/s, 'audio/mp4', 'm4a'],
  [/^.{4}ftypqt/s, 'video/quicktime', 'mov'],
  [/^.{4}ftyp/s, 'video/mp4', 'mp4'],
  [/^.\x45\xdf\xa3/s, 'video/webm', 'webm'],
] as const;

export interface MediaType {
  readonly contentType: string;
  readonly extension: string;
}

/** The type of a file according to its first bytes; many upstreams rely on its name or type. */
export function mediaTypeOf(bytes: Uint8Array): MediaType {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const [, contentType, extension] = SIGNATURES.find(([signature]) => signature.test(start)) ?? [
    undefined,
    'application/octet-stream',
    'bin',
  ];
  return { contentType, extension };
}

/** The file as a data URL. */
export function dataUrl(bytes: Uint8Array): string {
  return `data:${mediaTypeOf(bytes).contentType};base64,${Buffer.from(bytes).toString('base64')}`;
}
