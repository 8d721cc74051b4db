import type { Json } from '../../domain/json.ts';
import type { MediaRequest } from './request-values.ts';

/** A file that an upstream made, by its link. */
export interface ResultLink {
  readonly url: string;
  /** What it is said to be; empty where nothing is. */
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

/** Deeper than any model nests what it made. */
const MAX_DEPTH = 8;

/**
 * The links in what a model put out, whatever shape it has: texts and, in objects, `url` with its `content_type`. Each once, in their
 * order. `bare`: texts that stand for themselves count too, and not only objects of files.
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
 * The files that were ordered, without previews, posters and the like that models put beside them, and no more than were ordered.
 * Where too few say of themselves what they are, those that say nothing are taken too.
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

/** What a file is by the end of its name: `image`, `video`, `audio`. */
export function mediumOf(name: string): string | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1] ?? '';
  return EXTENSIONS[extension.toLowerCase()];
}

function isLink(text: string): boolean {
  return /^data:[^,]*;base64,/.test(text) || (/^https?:\/\/\S+$/.test(text) && URL.canParse(text));
}
