import type { Core } from '../../gateway/core.ts';

/** Our own dialect's name in the core and its mount below the public URL. */
export const NAME = 'native';
export const MOUNT = '/v1';

/** What every absolute URL starts with: the public URL and the mount, or the root of a host name of its own. */
export function publicBase(core: Core): string {
  const publicUrl = core.publicUrl();
  const host = core.config().dialects[NAME]?.host ?? null;
  if (host === null) return publicUrl + MOUNT;
  const url = new URL(publicUrl);
  return `${url.protocol}//${host}${url.port && `:${url.port}`}`;
}

/** The path of an object, for `Location`. */
export function pathOf(core: Core, path: string): string {
  return new URL(publicBase(core) + path).pathname;
}

export function contentUrl(core: Core, assetId: string): string {
  return `${publicBase(core)}/assets/${assetId}/content`;
}

/** The id of the file that a URL of ours names; undefined for every other URL. */
export function fileOf(core: Core, url: string): string | undefined {
  for (const base of [publicBase(core), core.publicUrl() + MOUNT]) {
    if (!url.startsWith(`${base}/`)) continue;
    const match = /^\/assets\/([\w-]+)\/content$/.exec(url.slice(base.length));
    if (match !== null) return match[1];
  }
  return undefined;
}
