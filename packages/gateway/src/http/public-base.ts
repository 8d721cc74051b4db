import type { Core } from '../gateway/core.ts';

/**
 * The start of every absolute URL of a dialect: the public URL and the mount, or the root of the dialect's own host with the scheme and
 * port of the public URL. Never the `Host` header, because callers can write anything there.
 */
export function publicBaseOf(core: Core, dialect: string, mount: string): string {
  const publicUrl = core.publicUrl();
  const host = core.config().dialects[dialect]?.host ?? null;
  if (host === null) return publicUrl + mount;
  const url = new URL(publicUrl);
  return `${url.protocol}//${host}${url.port && `:${url.port}`}`;
}

/** Parses the rest of a URL of this dialect, below its host or its mount; undefined for every other URL. */
export function readOwnUrl<T>(
  core: Core,
  dialect: string,
  mount: string,
  url: string,
  read: (path: string) => T | undefined,
): T | undefined {
  for (const base of [publicBaseOf(core, dialect, mount), core.publicUrl() + mount]) {
    const found = url.startsWith(base) ? read(url.slice(base.length)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
