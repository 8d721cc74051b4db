import type { Core } from '../../gateway/core.ts';

/** The dialect's name in the core and its mount below the public URL. */
export const NAME = 'kiara';
export const MOUNT = '/kiara';

/**
 * What every absolute URL of the dialect starts with: the public URL and the mount, or the root of the dialect's own host
 * with the scheme and port of the public URL.
 */
export function publicBase(core: Core): string {
  const publicUrl = core.publicUrl();
  const host = core.config().dialects[NAME]?.host ?? null;
  if (host === null) return publicUrl + MOUNT;
  const url = new URL(publicUrl);
  return `${url.protocol}//${host}${url.port && `:${url.port}`}`;
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

/** The id of the upload or result that a URL of ours names; undefined for every other URL. */
export function ownFile(core: Core, url: string): string | undefined {
  for (const base of [publicBase(core), core.publicUrl() + MOUNT]) {
    if (!url.startsWith(base)) continue;
    const match = OWN_FILE.exec(url.slice(base.length));
    if (match !== null) return match[1] ?? match[2];
  }
  return undefined;
}
