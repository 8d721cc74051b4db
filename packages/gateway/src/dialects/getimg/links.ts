import { signPath, verifyPath } from '../../assets/signed-url.ts';
import type { Core } from '../../gateway/core.ts';

/** The dialect's name in the core and its mount below the public URL. */
export const NAME = 'getimg';
export const MOUNT = '/getimg';

/** Which file of which generation. */
export interface FileRef {
  readonly generationId: string;
  readonly index: number;
}

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

/** A link that is good without a key until then (contract section 7). */
export function downloadUrl(core: Core, { generationId, index }: FileRef, expiresAtSeconds: number): string {
  const path = `${generationId}/${index}`;
  const sig = signPath(core.linkSecret, path, expiresAtSeconds);
  return `${publicBase(core)}/v2/downloads/${path}?exp=${expiresAtSeconds}&sig=${sig}`;
}

/** Whether a link with these parts is one that we made and that still holds. */
export function linkHolds(core: Core, path: string, query: { exp?: unknown; sig?: unknown }): boolean {
  const signed = { exp: query.exp, sig: query.sig };
  return verifyPath(core.linkSecret, path, signed, Math.floor(core.now() / 1000)) === 'valid';
}

const OWN_LINK =
  /^\/v2\/downloads\/((req-[0-9A-HJKMNP-TV-Z]{26})\/(0|[1-9]\d?))\?exp=(\d{1,15})&sig=([0-9a-f]{64})$/;

/** The file that a link of ours names while it holds; undefined for every other URL. */
export function ownFile(core: Core, url: string): FileRef | undefined {
  for (const base of [publicBase(core), core.publicUrl() + MOUNT]) {
    if (!url.startsWith(base)) continue;
    const [, path = '', generationId = '', index, exp, sig] = OWN_LINK.exec(url.slice(base.length)) ?? [];
    if (linkHolds(core, path, { exp, sig })) return { generationId, index: Number(index) };
  }
  return undefined;
}
