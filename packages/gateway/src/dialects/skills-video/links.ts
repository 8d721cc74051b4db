import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Core } from '../../gateway/core.ts';
import { publicBaseOf, readOwnUrl } from '../../http/public-base.ts';
import type { Asset } from '../../store/port.ts';

/** The dialect's name in the core and its mount below the public URL. */
export const NAME = 'skills-video';
export const MOUNT = '/skills-video';

export function publicBase(core: Core): string {
  return publicBaseOf(core, NAME, MOUNT);
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
};

/** For example `image-1.png`: the kind of the file, and its position in its task. */
export function fileName({ contentType, index }: Pick<Asset, 'contentType' | 'index'>): string {
  const [kind = 'file'] = contentType.split('/');
  return `${kind}-${index + 1}.${EXTENSIONS[contentType.split(';')[0] ?? ''] ?? 'bin'}`;
}

/**
 * A link that needs no key and cannot be guessed (contract section 10). The id alone would not do, because ids of the same millisecond are
 * consecutive. The link works as long as the file exists.
 */
export function fileUrl(core: Core, asset: Pick<Asset, 'id' | 'contentType' | 'index'>): string {
  return `${publicBase(core)}/files/${asset.id}/${seal(core, asset.id)}/${fileName(asset)}`;
}

const SEAL_LENGTH = 32;

function seal(core: Core, id: string): string {
  return createHmac('sha256', core.linkSecret)
    .update(`${NAME}/files/${id}`)
    .digest('hex')
    .slice(0, SEAL_LENGTH);
}

export function isSealOf(core: Core, id: string, given: string): boolean {
  const expected = Buffer.from(seal(core, id));
  const bytes = Buffer.from(given);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

const FILE_PATH = /^\/files\/([a-z]+_[0-9A-HJKMNP-TV-Z]{26})\/([0-9a-f]{32})\/[^/]+$/;

/** The id of the file that one of our links names; undefined for every other URL. */
export function ownFile(core: Core, url: string): string | undefined {
  return readOwnUrl(core, NAME, MOUNT, url, (path) => {
    const [, id, given] = FILE_PATH.exec(path) ?? [];
    return id !== undefined && given !== undefined && isSealOf(core, id, given) ? id : undefined;
  });
}
