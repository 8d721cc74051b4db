import type { Core } from '../../gateway/core.ts';
import { publicBaseOf, readOwnUrl } from '../../http/public-base.ts';

/** Our own dialect's name in the core and its mount below the public URL. */
export const NAME = 'native';
export const MOUNT = '/v1';

export function publicBase(core: Core): string {
  return publicBaseOf(core, NAME, MOUNT);
}

/** The path of an object, for `Location`. */
export function pathOf(core: Core, path: string): string {
  return new URL(publicBase(core) + path).pathname;
}

export function contentUrl(core: Core, assetId: string): string {
  return `${publicBase(core)}/assets/${assetId}/content`;
}

/** The id of the file that one of our URLs names; undefined for every other URL. */
export function fileOf(core: Core, url: string): string | undefined {
  return readOwnUrl(core, NAME, MOUNT, url, (path) => /^\/assets\/([\w-]+)\/content$/.exec(path)?.[1]);
}
