import { signPath, verifyPath } from '../../assets/signed-url.ts';
import type { Core } from '../../gateway/core.ts';
import { publicBaseOf, readOwnUrl } from '../../http/public-base.ts';

/** The dialect's name in the core and its mount below the public URL. */
export const NAME = 'getimg';
export const MOUNT = '/getimg';

/** The generation of a file, and the file's index. */
export interface FileRef {
  readonly generationId: string;
  readonly index: number;
}

export function publicBase(core: Core): string {
  return publicBaseOf(core, NAME, MOUNT);
}

/** A link that works without a key until it expires (contract section 7). */
export function downloadUrl(core: Core, { generationId, index }: FileRef, expiresAtSeconds: number): string {
  const path = `${generationId}/${index}`;
  const sig = signPath(core.linkSecret, path, expiresAtSeconds);
  return `${publicBase(core)}/v2/downloads/${path}?exp=${expiresAtSeconds}&sig=${sig}`;
}

/** Whether a link was made by us and has not expired. */
export function linkHolds(core: Core, path: string, query: { exp?: unknown; sig?: unknown }): boolean {
  const signed = { exp: query.exp, sig: query.sig };
  return verifyPath(core.linkSecret, path, signed, Math.floor(core.now() / 1000)) === 'valid';
}

const OWN_LINK =
  /^\/v2\/downloads\/((req-[0-9A-HJKMNP-TV-Z]{26})\/(0|[1-9]\d?))\?exp=(\d{1,15})&sig=([0-9a-f]{64})$/;

/** The file that one of our links names, while it is valid; undefined for every other URL. */
export function ownFile(core: Core, url: string): FileRef | undefined {
  return readOwnUrl(core, NAME, MOUNT, url, (link) => {
    const [, path = '', generationId = '', index, exp, sig] = OWN_LINK.exec(link) ?? [];
    return linkHolds(core, path, { exp, sig }) ? { generationId, index: Number(index) } : undefined;
  });
}
