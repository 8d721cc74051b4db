import type { Json } from '../../domain/json.ts';
import type { MediaRequest } from './request-values.ts';

/** The link of a file that an upstream made. */
export interface ResultLink {
  readonly url: string;
  /** The type that the upstream gave; empty if none. */
  readonly contentType: string;
}

const MEDIA = { image: 'image', video: 'video', speech: 'audio' } as const;

const EXTENSIONS: Readonly<Record<string, string>> = {
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  webp: 'image',
  gif: 'image',
  svg: 'image',
  mp4: 'video',
  mov: 'video',
  webm: 'video',
  mkv: 'video',
  mp3: 'audio',
  wav: 'audio',
  ogg: 'audio',
  flac: 'audio',
  m4a: 'audio',
};

/** Deeper than any model nests its output. */
const MAX_DEPTH = 8;

/**
 * The links in a model's output, whatever its form: texts, and in objects `url` with its `content_type`. Each once, in order. `bare`: plain
 * texts count too, not only objects.
 */
export function linksIn(output: Json, bare: boolean, depth = 0): readonly ResultLink[] {
  if (typeof output === 'string') return bare && isLink(output) ? [{ url: output, contentType: '' }] : [];
  if (output === null || typeof output !== 'object' || depth > MAX_DEPTH) return [];
  const { url, content_type: contentType } = output as { readonly url?: Json; readonly content_type?: Json };
  if (typeof url === 'string' && isLink(url))
    return [{ url, contentType: typeof contentType === 'string' ? contentType : '' }];
  const found = Object.values(output).flatMap((one: Json) => linksIn(one, bare, depth + 1));
  return [...new Map(found.map((link) => [link.url, link])).values()];
}

/**
 * The files that were ordered: without previews, posters and the like that models add, and no more than were ordered. If too few files
 * state their type, those without a type are taken as well.
 */
export function orderedOf(links: readonly ResultLink[], request: MediaRequest): readonly ResultLink[] {
  const wanted = MEDIA[request.kind];
  const kinds = links.map((link) => ({ link, kind: kindOf(link) }));
  const fitting = kinds.filter(({ kind }) => kind === wanted || kind === undefined).map(({ link }) => link);
  const said = kinds.filter(({ kind }) => kind === wanted).map(({ link }) => link);
  const count = request.kind === 'speech' ? 1 : (request.count ?? 1);
  const chosen = said.length >= count ? said : fitting.length > 0 ? fitting : links;
  return chosen.slice(0, count);
}

function kindOf({ url, contentType }: ResultLink): string | undefined {
  const type = /^data:([^;,]+)/.exec(url)?.[1] ?? contentType;
  const said = /^(image|video|audio)\//.exec(type)?.[1];
  if (said !== undefined || url.startsWith('data:')) return said;
  return mediumOf(new URL(url).pathname);
}

/** The kind of a file by its extension: `image`, `video`, `audio`. */
export function mediumOf(name: string): string | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1] ?? '';
  return EXTENSIONS[extension.toLowerCase()];
}

function isLink(text: string): boolean {
  return /^data:[^,]*;base64,/.test(text) || (/^https?:\/\/\S+$/.test(text) && URL.canParse(text));
}
