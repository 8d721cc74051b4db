import type { Core } from '../../gateway/core.ts';

/** The dialect's name in the core and its mount below the public URL. */
export const NAME = 'llmtune';
export const MOUNT = '/llmtune';

/**
 * What every absolute URL of the dialect starts with: the public URL and the mount, or the root of the API host with the scheme and
 * port of the public URL.
 */
export function publicBase(core: Core): string {
  const publicUrl = core.publicUrl();
  const host = core.config().dialects[NAME]?.host ?? null;
  if (host === null) return publicUrl + MOUNT;
  const url = new URL(publicUrl);
  return `${url.protocol}//${host}${url.port && `:${url.port}`}`;
}
