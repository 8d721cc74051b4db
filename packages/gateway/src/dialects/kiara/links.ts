import type { Core } from '../../gateway/core.ts';
import { publicBaseOf, readOwnUrl } from '../../http/public-base.ts';

/** The dialect's name in the core and its mount below the public URL. */
export const NAME = 'kiara';
export const MOUNT = '/kiara';

export function publicBase(core: Core): string {
  return publicBaseOf(core, NAME, MOUNT);
}

export function generationPath(base: string, id: string): string {
  return `${new URL(base).pathname.replace(/\/$/, '')}/v1/generations/${id}`;
}

export function assetUrl(base: string, id: string): string {
  return `${base}/v1/assets/${id}/content`;
}

export function uploadUrl(base: string, id: string): string {
  return `${base}/v1/uploads/${id}/content`;
}

const OWN_FILE =
  /^\/v1\/(?:uploads\/(upl_[0-9A-HJKMNP-TV-Z]{26})|assets\/(asset_[0-9A-HJKMNP-TV-Z]{26}))\/content$/;

/** The id of the upload or result that one of our URLs names; undefined for every other URL. */
export function ownFile(core: Core, url: string): string | undefined {
  return readOwnUrl(core, NAME, MOUNT, url, (path) => {
    const match = OWN_FILE.exec(path);
    return match?.[1] ?? match?.[2];
  });
}
