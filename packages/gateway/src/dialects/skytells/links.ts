import type { Core } from '../../gateway/core.ts';
import { publicBaseOf, readOwnUrl } from '../../http/public-base.ts';
import type { Asset } from '../../store/port.ts';

/** The dialect's name in the core and its mount below the public URL. */
export const NAME = 'skytells';
export const MOUNT = '/skytells';

export function publicBase(core: Core): string {
  return publicBaseOf(core, NAME, MOUNT);
}

/** The SDK follows these URLs unchanged, with the key added (contract section 11). */
export function predictionUrls(base: string, id: string): { readonly [name: string]: string } {
  const get = `${base}/v1/predictions/${id}`;
  return { get, cancel: `${get}/cancel`, stream: `${get}/stream`, delete: `${get}/delete` };
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'text/plain; charset=utf-8': 'txt',
};

export function extensionOf(contentType: string): string {
  return EXTENSIONS[contentType] ?? 'bin';
}

/**
 * The path of a file, which needs no key (contract section 5, "Output URLs"). The file's id has 122 random bits and is used nowhere else,
 * so the link is the permission.
 */
export function filePath({
  id,
  contentType,
  createdAt,
}: Pick<Asset, 'id' | 'contentType' | 'createdAt'>): string {
  const day = new Date(createdAt).toISOString().slice(0, 10).replaceAll('-', '/');
  return `/delivery/${day}/${id}-output.${extensionOf(contentType)}`;
}

const FILE_PATH =
  /^\/delivery\/\d{4}\/\d\d\/\d\d\/([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})-output\.[a-z0-9]{2,4}$/;

/** The id of the file that one of our paths names. */
export function fileIdOf(path: string): string | undefined {
  return FILE_PATH.exec(path)?.[1];
}

/** The id of the file that one of our URLs names; undefined for every other URL. */
export function ownFile(core: Core, url: string): string | undefined {
  return readOwnUrl(core, NAME, MOUNT, url, fileIdOf);
}
